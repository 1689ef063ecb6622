import type { Deps } from '../deps.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { hourMs } from '../lib/units.ts';
import { invalidFields } from '../errors.ts';
import { ConstraintError } from '../platform/database.ts';
import { confirmationToken } from './confirmation-token.ts';
import type { SubscribeBody } from './contract.ts';
import { evidenceOf, type Circumstances } from './evidence.ts';
import { insertSignUp } from './statements.ts';
import { subjectHashes } from './subject-hash.ts';

/** For so long a confirmation may be pressed. */
const confirmWithinMs = 72 * hourMs;

/** A sign-up, and the circumstances that are kept as evidence of it. */
export type SignUp = {
  body: SubscribeBody;
  formId: string | null;
  actor: string;
  circumstances: Omit<Circumstances, 'page'>;
  /** Whether anybody may have sent it. */
  byStranger: boolean;
  tokens: IdempotencyToken[];
};

/**
 * Stores a subscription with its consent evidence, and has the person asked to confirm it where their list wants that.
 * The answer is the same for every address, and so is the work before it.
 */
export async function subscribe(
  deps: Pick<Deps, 'database' | 'now' | 'config' | 'wakeOutbox'>,
  { body, formId, actor, circumstances, byStranger, tokens }: SignUp,
): Promise<AnswerOnce> {
  const at = deps.now();
  const { key: emailKey, address: email } = body.email;
  const { text, version: textVersion, page } = body.consent;
  const subscriber = {
    ...{ id: newId('sbr', at), email, emailKey },
    ...{ fullName: body.full_name, language: body.language },
  };
  const confirmationId = newId('cnf', at);
  const { tokenHash } = await confirmationToken(deps.config, confirmationId);
  const rows = {
    subscriber,
    consent: await evidenceOf(deps.config, {
      ...{ action: 'requested', listId: body.list_id, emailKey, actor, at, formId },
      ...{ ...circumstances, page, text, textVersion, confirmationId },
    }),
    subjectHashes: await subjectHashes(deps.config, emailKey),
    confirmation: { id: confirmationId, tokenHash, expiresAt: at + confirmWithinMs },
    outboxId: newId('out', at),
    byStranger,
  };
  const answer = { resourceId: subscriber.id, status: 202 as const, body: { status: 'pending' } };
  try {
    const outcome = await answerOnce(deps, tokens, answer, (orm) => insertSignUp(orm, rows));
    deps.wakeOutbox();
    return outcome;
  } catch (error) {
    const noList = error instanceof ConstraintError && error.constraint === 'not_null';
    throw noList
      ? invalidFields([{ field: 'list_id', code: 'not_found', message: 'is no list' }])
      : error;
  }
}
