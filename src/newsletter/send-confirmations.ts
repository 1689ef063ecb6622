import { chooseOurs } from '../pages/choose-language.ts';
import type { Deps } from '../deps.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import type { Deliver } from '../outbox/delivery.ts';
import { confirmationMail } from './confirmation-mail.ts';
import { tokenOf } from './confirmation-token.ts';
import { linkFor } from './links.ts';
import { selectConfirmations, selectSuppressed, type ConfirmationFor } from './queries.ts';
import { subjectHashes } from './subject-hash.ts';

/** Asks people to confirm their sign-ups: the topic `confirmation`. */
export const sendConfirmations: Deliver = async (deps, rows) => {
  const ids = rows.map((row) => row.resourceId);
  const found = await deps.database.read((orm) => selectConfirmations(orm, { ids }));
  const wanted = await keepWanted(deps, found);
  const outcomes = await Promise.all(
    rows.map(async ({ id, resourceId }): Promise<[string, Outcome]> => {
      const confirmation = wanted.find((each) => each.id === resourceId);
      return [
        id,
        confirmation === undefined ? { kind: 'done' } : await send(deps, confirmation, id),
      ];
    }),
  );
  return new Map(outcomes);
};

/** Those that still ask for something, of people who may be written to: one read for all of them. */
async function keepWanted(deps: Deps, found: ConfirmationFor[]): Promise<ConfirmationFor[]> {
  const open = found.filter(
    ({ usedAt, expiresAt, state }) =>
      usedAt === null && expiresAt > deps.now() && !['active', 'complained'].includes(state),
  );
  if (open.length === 0) return [];
  const hashed = await Promise.all(
    open.map(async (of) => ({
      of,
      hashes: await subjectHashes(deps.config, of.subscriber.emailKey),
    })),
  );
  const all = hashed.flatMap(({ hashes }) => hashes);
  const suppressed = await deps.database.read((orm) => selectSuppressed(orm, all));
  const isSuppressed = (hashes: string[], list: string) =>
    suppressed.some(
      ({ subjectHash, listId }) => hashes.includes(subjectHash) && ['', list].includes(listId),
    );
  return hashed.filter(({ of, hashes }) => !isSuppressed(hashes, of.listId)).map(({ of }) => of);
}

async function send(deps: Deps, of: ConfirmationFor, rowId: string): Promise<Outcome> {
  const { config } = deps;
  const token = await tokenOf(config, of);
  if (token === null) return { kind: 'refused', reason: 'secret_is_gone' };
  const { subscriberId, listId, subscriber, list } = of;
  const { language, messages } = await deps.translations.read(chooseOurs([subscriber.language]));
  const mail = await confirmationMail({
    to: subscriber.email,
    list: list.name,
    confirmUrl: `${config.publicUrl}/n/confirm/${token}`,
    unsubscribeUrl: await linkFor(config, 'unsubscribe', { subscriberId, listId }),
    messages: messages.newsletter.mail,
    language,
  });
  return deps.mailer.send(mail, rowId);
}
