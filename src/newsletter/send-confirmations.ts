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
  const outcomes = await Promise.all(
    rows.map(async ({ id, resourceId }): Promise<[string, Outcome]> => {
      const confirmation = found.find((each) => each.id === resourceId);
      const isWanted =
        confirmation?.usedAt === null &&
        confirmation.expiresAt > deps.now() &&
        !['active', 'complained'].includes(confirmation.state);
      return [id, isWanted ? await send(deps, confirmation, id) : { kind: 'done' }];
    }),
  );
  return new Map(outcomes);
};

async function send(deps: Deps, of: ConfirmationFor, rowId: string): Promise<Outcome> {
  const { config } = deps;
  const token = await tokenOf(config, of);
  if (token === null) return { kind: 'refused', reason: 'secret_is_gone' };
  const { subscriberId, listId, subscriber, list } = of;
  const hashes = await subjectHashes(config, subscriber.emailKey);
  const [suppressed] = await deps.database.read((orm) => selectSuppressed(orm, hashes, listId));
  if (suppressed !== undefined) return { kind: 'done' };
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
