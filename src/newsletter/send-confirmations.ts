import { chooseOurs } from '../pages/choose-language.ts';
import type { Deps } from '../deps.ts';
import { ourLimits, thrown, type Outcome } from '../lib/delivery-outcome.ts';
import type { Deliver } from '../outbox/delivery.ts';
import type { OutboxRow } from '../outbox/statements.ts';
import { suppressPeople } from '../mail-events/suppress-people.ts';
import { recipientSuppressed } from '../platform/cloudflare-email.ts';
import { confirmationMail } from './confirmation-mail.ts';
import { confirmWithinMs, tokenOf } from './confirmation-token.ts';
import { linkFor } from './links.ts';
import { postponeConfirmations } from './postpone-confirmations.ts';
import { selectConfirmations, selectSuppressed, type ConfirmationFor } from './queries.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';

/** Asks people to confirm their sign-ups: the topic `confirmation`. */
export const sendConfirmations: Deliver = async (deps, rows) => {
  const ids = rows.map((row) => row.resourceId);
  const found = await deps.database.read((orm) => selectConfirmations(orm, { ids }));
  const wanted = await keepWanted(deps, found);
  const letThrough = new Set(rows.filter(wasLetThrough).map((row) => row.resourceId));
  const postponed = await postponeConfirmations(
    deps,
    wanted.filter((of) => !letThrough.has(of.id)),
  );
  const outcomes = await Promise.all(
    rows.map(async ({ id, resourceId }): Promise<[string, Outcome]> => {
      const of = wanted.find((each) => each.id === resourceId);
      if (of !== undefined) return [id, postponed.get(of.id) ?? (await send(deps, of, id))];
      const ranOut = found.some((each) => each.id === resourceId && hasRunOut(each, deps.now()));
      return [id, ranOut ? { kind: 'refused', reason: 'expired' } : { kind: 'done' }];
    }),
  );
  const known = new Map(outcomes);
  await noteBounces(deps, rows, wanted, known);
  return known;
};

/** One that the provider did not take: it was counted then. */
const wasLetThrough = ({ lastError }: OutboxRow) =>
  lastError !== null &&
  !lastError.startsWith(thrown) &&
  ourLimits.every((limit) => limit !== lastError);

const isAsking = ({ usedAt, state }: ConfirmationFor) =>
  usedAt === null && state !== 'active' && state !== 'complained';

/** Not one that was closed before its time, since the person has left. */
const hasRunOut = (of: ConfirmationFor, at: number) =>
  isAsking(of) && of.expiresAt <= at && of.expiresAt - of.createdAt >= confirmWithinMs;

/** Those that still ask for something, of people who may be written to: one read for all of them. */
async function keepWanted(deps: Deps, found: ConfirmationFor[]): Promise<ConfirmationFor[]> {
  const at = deps.now();
  const open = found.filter((of) => isAsking(of) && of.expiresAt > at);
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
  const { listId, subscriber, list } = of;
  const [person] = await subjectHashes(config, subscriber.emailKey);
  const { language, messages } = await deps.translations.read(chooseOurs([subscriber.language]));
  const mail = await confirmationMail({
    to: subscriber.email,
    list: list.name,
    confirmUrl: `${config.publicUrl}/n/confirm/${token}`,
    unsubscribeUrl: await linkFor(config, 'unsubscribe', { person, listId }),
    messages: messages.newsletter.mail,
    language,
  });
  return deps.mailer.send(mail, rowId);
}

/** A provider that writes to an address no more knows that it does not work: as good as a bounce. */
async function noteBounces(
  deps: Deps,
  rows: OutboxRow[],
  wanted: ConfirmationFor[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const lost = rows.flatMap(({ id, resourceId, leaseToken }) => {
    const outcome = outcomes.get(id);
    const of = wanted.find((each) => each.id === resourceId);
    const isLost = outcome?.kind === 'refused' && outcome.reason === recipientSuppressed;
    if (of === undefined || !isLost) return [];
    // Each try is an event of its own: an operator may have lifted what the one before has led to.
    const eventId = `${id} ${leaseToken}`;
    return [{ emailKey: of.subscriber.emailKey, reason: 'bounced' as const, eventId }];
  });
  if (lost.length > 0) {
    await suppressPeople(deps, lost, { actor: 'mail:cloudflare', requestId: null });
  }
}
