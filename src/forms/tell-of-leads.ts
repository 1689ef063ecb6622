import type { Deps } from '../deps.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import type { Deliver } from '../outbox/delivery.ts';
import type { OutboxRow } from '../outbox/statements.ts';
import { leadMail } from './lead-mail.ts';
import { recipientKey } from './lead-notices.ts';
import { selectNotices, type Notice } from './queries.ts';

/** Tells a form's people of entries: the topic `lead_notification`. Who is none of them any more is not told. */
export const tellOfLeads: Deliver = async (deps, rows) => {
  const ids = [...new Set(rows.map((row) => row.resourceId))];
  const notices = await deps.database.read((orm) => selectNotices(orm, ids));
  const outcomes = await Promise.all(
    rows.map(async (row): Promise<[string, Outcome]> => {
      const notice = notices.find(({ submissionId }) => submissionId === row.resourceId);
      return [row.id, notice === undefined ? { kind: 'done' } : await tell(deps, notice, row)];
    }),
  );
  return new Map(outcomes);
};

async function tell(
  deps: Pick<Deps, 'mailer' | 'config'>,
  notice: Notice,
  { id, payload }: OutboxRow,
): Promise<Outcome> {
  const people = await Promise.all(
    notice.form.notifyEmails.map(async (address) => ({
      address,
      // The row may have been written before the secret was rotated.
      keys: await Promise.all(deps.config.secrets.map((secret) => recipientKey(secret, address))),
    })),
  );
  const person = people.find(({ keys }) => keys.some((key) => key === payload['to']));
  if (person === undefined) return { kind: 'done' };
  return deps.mailer.send(await leadMail(notice, person.address), id);
}
