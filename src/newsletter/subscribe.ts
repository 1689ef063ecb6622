import type { Deps } from '../deps.ts';
import type { Config } from '../env.ts';
import {
  answerOnce,
  type Answer,
  type AnswerOnce,
  type IdempotencyToken,
} from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { AppError, noSuch } from '../errors.ts';
import { ConstraintError } from '../platform/database.ts';
import { confirmationToken, confirmWithinMs } from './confirmation-token.ts';
import type { NewSubscriberBody, SubscribeBody } from './contract.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import {
  insertSignUp,
  tellSignedUp,
  type SignedUp,
  type SignUpRows,
} from './sign-up-statements.ts';
import { subjectHashes } from '../subjects/subject-hash.ts';

/** A sign-up, and the circumstances that are kept as evidence of it. */
export type SignUp = {
  body: SubscribeBody & Partial<Pick<NewSubscriberBody, 'tags' | 'attributes'>>;
  formId: string | null;
  actor: string;
  circumstances: Omit<Circumstances, 'page'>;
  /** Whether anybody may have sent it. */
  byStranger: boolean;
  tokens: IdempotencyToken[];
  /** What the sender is told, where that is not what the API says. */
  answer?: Answer;
};

/**
 * Stores a subscription with its consent evidence, and has the person asked to confirm it where their list wants that.
 * To strangers the answer is the same for every address, and so is the work before it; others are told what came of
 * it. Throws `validation_failed`, and for others `suppressed`.
 */
export async function subscribe(
  deps: Pick<Deps, 'database' | 'now' | 'config' | 'wakeOutbox'>,
  { tokens, answer, ...signUp }: SignUp,
): Promise<AnswerOnce> {
  const at = deps.now();
  const rows = await signUpRows(deps.config, signUp, at);
  const { emailKey, id } = rows.subscriber;
  const pending = { resourceId: id, status: 202 as const, body: { status: 'pending' } };
  // Under the id of nothing that is ever erased: else a repeat would tell whether somebody new has gone since.
  const toStranger = { ...pending, resourceId: newId('sbr', at) };
  const store = signUp.byStranger
    ? answerOnce(deps, tokens, answer ?? toStranger, (orm) => insertSignUp(orm, rows))
    : answerOnce(
        deps,
        tokens,
        pending,
        (orm) => [
          ...insertSignUp(orm, rows),
          ...tellSignedUp(orm, id, { emailKey, listId: rows.consent.listId }),
        ],
        (results) => {
          const [signedUp] = results.at(-1) as [SignedUp];
          return { ...pending, resourceId: signedUp.id, body: signedUp };
        },
      );
  try {
    const outcome = await store;
    deps.wakeOutbox();
    return outcome;
  } catch (error) {
    throw explain(error);
  }
}

/** What is stored of a sign-up, made before the first try. */
export async function signUpRows(
  config: Pick<Config, 'secrets' | 'subjectSecrets'>,
  { body, formId, actor, circumstances, byStranger }: Omit<SignUp, 'tokens' | 'answer'>,
  at: number,
): Promise<SignUpRows> {
  const { key: emailKey, address: email } = body.email;
  const { text, version: textVersion, page } = body.consent;
  const subscriber = {
    ...{ id: newId('sbr', at), email, emailKey },
    ...{ fullName: body.full_name, language: body.language },
    ...{ tags: body.tags ?? [], attributes: body.attributes ?? {} },
  };
  const confirmationId = newId('cnf', at);
  const { tokenHash } = await confirmationToken(config, confirmationId);
  const hashes = await subjectHashes(config, emailKey);
  return {
    subscriber,
    consent: await evidenceOf({
      ...{ action: 'requested', listId: body.list_id, subjectHash: hashes[0], actor, at, formId },
      ...{ ...circumstances, page, text, textVersion, confirmationId },
    }),
    subjectHashes: hashes,
    confirmation: { id: confirmationId, tokenHash, expiresAt: at + confirmWithinMs },
    outboxId: newId('out', at),
    byStranger,
  };
}

/** What the batch refused, in words. */
function explain(error: unknown): unknown {
  if (!(error instanceof ConstraintError)) return error;
  if (error.constraint === 'not_null') return noSuch('list_id', 'list');
  return error.constraint === 'other' ? suppressed : error;
}

const suppressed = new AppError(
  'suppressed',
  'This address is not to be written to: see GET /v1/suppressions?email=…. Where the person wants it, lift that first, with DELETE.',
);
