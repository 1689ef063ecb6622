import type { Deps } from '../deps.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { explainReference } from '../platform/database.ts';
import type { SubscribeBody } from './contract.ts';
import { insertSignUp } from './queries.ts';

/** A sign-up, and the circumstances that are kept as evidence of it. */
export type SignUp = {
  body: SubscribeBody;
  formId: string | null;
  actor: string;
  ipHash: string;
  userAgent: string | null;
  tokens: IdempotencyToken[];
};

/** Stores a pending subscription with its consent evidence. The answer is the same for every address. */
export async function subscribe(
  deps: Pick<Deps, 'database' | 'now'>,
  { body, formId, actor, ipHash, userAgent, tokens }: SignUp,
): Promise<AnswerOnce> {
  const at = deps.now();
  const subscriber = {
    id: newId('sbr', at),
    email: body.email.address,
    emailKey: body.email.key,
    fullName: body.full_name,
    createdAt: at,
    updatedAt: at,
  };
  const consent = {
    id: newId('cns', at),
    listId: body.list_id,
    action: 'requested' as const,
    text: body.consent.text,
    textVersion: body.consent.version,
    page: body.consent.page,
    ipHash,
    userAgent,
    formId,
    actor,
    at,
  };
  const answer = { resourceId: subscriber.id, status: 202 as const, body: { status: 'pending' } };
  try {
    return await answerOnce(deps, tokens, answer, (orm) => insertSignUp(orm, subscriber, consent));
  } catch (error) {
    throw explainReference(error, 'list_id', 'list');
  }
}
