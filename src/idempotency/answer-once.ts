import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { ConstraintError, type Orm, type Statement } from '../platform/database.ts';
import { findAnswer, insertAnswer, type StoredAnswer } from './queries.ts';

/**
 * What makes a POST repeatable. The fingerprint covers all that has to be the same; `keptMs` is for how many
 * milliseconds a repeat is recognised.
 */
export type IdempotencyToken = {
  sender: string;
  key: string;
  fingerprint: string;
  keptMs: number;
  /** Another key under which the same request is recognised, for its own time. */
  also?: { key: string; keptMs: number };
};

/** The answer to a POST that creates. `body` is what a repeat is answered; null when it may not be repeated. */
export type Answer = { resourceId: string; status: AnswerStatus; body: object | null };

/** Taken, created, or to be carried out. */
type AnswerStatus = 200 | 201 | 202;

/** The answer to give, and whether it is an earlier one. */
export type AnswerOnce = { answer: Answer; replayed: boolean };

/**
 * Stores what a POST creates, and its answer, in one batch: either both or neither. A repeat of the same request
 * meets the stored answer and changes nothing; two at once are decided by the database's unique key. Throws
 * `idempotency_key_reused` for another body, `conflict` for an answer that may not be given twice.
 */
export async function answerOnce(
  deps: Pick<Deps, 'database' | 'now'>,
  token: IdempotencyToken | null,
  answer: Answer,
  statements: (orm: Orm) => Statement[],
): Promise<AnswerOnce> {
  const now = deps.now();
  const tokens = token === null ? [] : withOther(token);
  try {
    await deps.database.write((orm) => [
      ...tokens.flatMap((each) => insertAnswer(orm, toStored(each, answer, now), now)),
      ...statements(orm),
    ]);
    return { answer, replayed: false };
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    for (const each of tokens) {
      const earlier = await find(deps, each);
      if (earlier === undefined) continue;
      // Our own row: the batch was kept, and only its answer was lost on the way back.
      if (earlier.resourceId === answer.resourceId) return { answer, replayed: false };
      return { answer: replay(earlier, each), replayed: true };
    }
    throw error;
  }
}

/** The answer that the same request got before. Null where there is none, or its time is over. */
export async function recallAnswer(
  deps: Pick<Deps, 'database' | 'now'>,
  token: IdempotencyToken,
): Promise<AnswerOnce | null> {
  for (const each of withOther(token)) {
    const earlier = await find(deps, each);
    if (earlier !== undefined && earlier.expiresAt > deps.now()) {
      return { answer: replay(earlier, each), replayed: true };
    }
  }
  return null;
}

function withOther({ also, ...token }: IdempotencyToken): IdempotencyToken[] {
  return also === undefined ? [token] : [token, { ...token, ...also }];
}

function find(
  deps: Pick<Deps, 'database'>,
  { sender, key }: IdempotencyToken,
): Promise<StoredAnswer | undefined> {
  return deps.database.read((orm) => findAnswer(orm, sender, key));
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

function replay(earlier: StoredAnswer, token: IdempotencyToken): Answer {
  if (earlier.fingerprint !== token.fingerprint) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key came with another request before. Use a new one for new content.',
    );
  }
  if (earlier.body === null) {
    throw new AppError(
      'conflict',
      `This request was carried out before, as ${earlier.resourceId}, and its answer cannot be given again.`,
    );
  }
  return {
    resourceId: earlier.resourceId,
    status: earlier.status,
    body: JSON.parse(earlier.body) as object,
  };
}
