import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { ConstraintError, type Orm, type Statement } from '../platform/database.ts';
import { findAnswers, insertAnswer, type StoredAnswer } from './queries.ts';
import { dayMs } from '../lib/units.ts';

/** Milliseconds for which an Idempotency-Key is remembered. */
export const idempotencyKeyMs = dayMs;

/**
 * What makes a POST repeatable. The fingerprint covers all that has to be the same; `keptMs` is for how many
 * milliseconds a repeat is recognised.
 */
export type IdempotencyToken = {
  sender: string;
  key: string;
  fingerprint: string;
  keptMs: number;
  /** What is thrown where its answer cannot be given again; by default, what is right for an Idempotency-Key. */
  refusal?: AppError;
};

/** The answer to a POST that creates. `body` is what a repeat is answered; null when it may not be repeated. */
export type Answer = { resourceId: string; status: AnswerStatus; body: object | null };

/** Taken, created, or to be carried out. */
type AnswerStatus = 200 | 201 | 202;

/** The answer to give, and whether it is an earlier one. */
export type AnswerOnce = { answer: Answer; replayed: boolean };

/**
 * Stores what a POST creates, and its answer under each token, in one batch: all or nothing. A repeat of the same
 * request meets a stored answer and changes nothing; two at once are decided by the database's unique key. Where
 * several tokens have an answer, the first of them counts. `settle` makes the answer of what the batch came to, where
 * that is not known before; the batch then revises the stored one. Throws `idempotency_key_reused` for another body,
 * `conflict` for an answer that may not be given twice.
 */
export async function answerOnce(
  deps: Pick<Deps, 'database' | 'now'>,
  tokens: IdempotencyToken[],
  answer: Answer,
  statements: (orm: Orm) => Statement[],
  settle: (results: unknown[]) => Answer = () => answer,
): Promise<AnswerOnce> {
  const now = deps.now();
  const stored = tokens.map((token) => toStored(token, answer, now));
  const write = () =>
    deps.database.write((orm) => [
      ...stored.flatMap((each) => insertAnswer(orm, each, now)),
      ...statements(orm),
    ]);
  try {
    return { answer: settle(await write()), replayed: false };
  } catch (error) {
    if (tokens.length === 0 || !(error instanceof ConstraintError)) throw error;
    const earlier = await findEarlier(deps, tokens, now);
    if (earlier === null) {
      // Either something else stood in the way, or the answer that did was erased meanwhile.
      return { answer: settle(await write()), replayed: false };
    }
    // Our own row: the batch was kept, and only its answer was lost on the way back.
    if (earlier.stored.resourceId === answer.resourceId) {
      return { answer: earlier.stored.body === null ? answer : replay(earlier), replayed: false };
    }
    return { answer: replay(earlier), replayed: true };
  }
}

/** The answer that the same request got before, by the first token that has one. Null where none has, or it expired. */
export async function recallAnswer(
  deps: Pick<Deps, 'database' | 'now'>,
  tokens: IdempotencyToken[],
): Promise<AnswerOnce | null> {
  const earlier = await findEarlier(deps, tokens, deps.now());
  return earlier === null ? null : { answer: replay(earlier), replayed: true };
}

/** An answer that is stored, and the token that led to it. */
type Earlier = { stored: StoredAnswer; token: IdempotencyToken };

async function findEarlier(
  deps: Pick<Deps, 'database'>,
  tokens: IdempotencyToken[],
  now: number,
): Promise<Earlier | null> {
  const rows = await deps.database.read((orm) => findAnswers(orm, tokens));
  // An expired row stands in nobody's way, and the batch that would have replaced it was undone by the other.
  const live = rows.filter(({ expiresAt }) => expiresAt > now);
  for (const token of tokens) {
    const stored = live.find(
      ({ sender, idempotencyKey }) => sender === token.sender && idempotencyKey === token.key,
    );
    if (stored !== undefined) return { stored, token };
  }
  return null;
}

function toStored(token: IdempotencyToken, answer: Answer, now: number): StoredAnswer {
  return {
    sender: token.sender,
    idempotencyKey: token.key,
    fingerprint: token.fingerprint,
    resourceId: answer.resourceId,
    status: answer.status,
    body: answer.body === null ? null : JSON.stringify(answer.body),
    expiresAt: now + token.keptMs,
  };
}

function replay({ stored: earlier, token }: Earlier): Answer {
  if (earlier.fingerprint !== token.fingerprint) throw token.refusal ?? keyReused();
  if (earlier.body === null) throw token.refusal ?? notRepeatable(earlier.resourceId);
  return {
    resourceId: earlier.resourceId,
    status: earlier.status,
    body: JSON.parse(earlier.body) as object,
  };
}

function keyReused(): AppError {
  return new AppError(
    'idempotency_key_reused',
    'This Idempotency-Key came with another request before. Use a new one for new content.',
  );
}

function notRepeatable(resourceId: string): AppError {
  return new AppError(
    'conflict',
    `This request was carried out before, as ${resourceId}, and its answer cannot be given again.`,
  );
}
