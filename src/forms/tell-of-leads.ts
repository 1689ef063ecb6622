import type { Deliver, Outcome } from '../outbox/delivery.ts';
import type { Deps } from '../deps.ts';
import { sha256 } from '../lib/hashing.ts';
import { leadMail } from './lead-mail.ts';
import { selectNotices, type Notice } from './queries.ts';

/** Sends a form's people what was sent to it: the topic `lead_notification`. */
export const tellOfLeads: Deliver = async (deps, rows) => {
  const notices = await deps.database.read((orm) =>
    selectNotices(
      orm,
      rows.map((row) => row.resourceId),
    ),
  );
  const outcomes = await Promise.all(
    rows.map(async ({ id, resourceId }): Promise<[string, Outcome]> => {
      const notice = notices.find(({ submissionId }) => submissionId === resourceId);
      return [id, notice === undefined ? { kind: 'done' } : await tell(deps, notice, id)];
    }),
  );
  return new Map(outcomes);
};

/** One mail for each person, so that nobody reads of the others. The worst outcome is that of all. */
async function tell(deps: Pick<Deps, 'mailer'>, notice: Notice, rowId: string): Promise<Outcome> {
  const outcomes = await Promise.all(
    notice.form.notifyEmails.map(async (to) => {
      const mail = await leadMail(notice, to);
      return deps.mailer.send(mail, `${rowId}/${(await sha256(to)).slice(0, 16)}`);
    }),
  );
  return (
    outcomes.find((each) => each.kind === 'failed') ??
    outcomes.find((each) => each.kind === 'refused') ?? { kind: 'done' }
  );
}
