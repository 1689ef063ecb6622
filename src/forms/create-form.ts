import { newAct, recordAct, type By } from '../audit/statements.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import { noPublicList } from '../lists/require-public-list.ts';
import { isPublicList } from '../lists/statements.ts';
import { firstListId } from '../newsletter/contract.ts';
import { ConstraintError } from '../platform/database.ts';
import type { NewForm } from './contract.ts';
import { toColumns } from './form-columns.ts';
import type { FormDeps } from './form-deps.ts';
import { presentForm } from './present-form.ts';
import { insertForm, type FormWithAddress } from './queries.ts';
import { requireFitting } from './require-fitting.ts';

/**
 * Makes a form, and answers it as it is shown. Its first address is its id. Throws `validation_failed` for settings that
 * do not fit its kind, and for a list that is not public.
 */
export async function createForm(
  deps: Pick<FormDeps, 'database' | 'now' | 'config'>,
  input: NewForm,
  by: By,
  tokens: IdempotencyToken[],
): Promise<AnswerOnce> {
  const listId = input.kind === 'newsletter' ? (input.list_id ?? firstListId) : input.list_id;
  const settings = { ...input, list_id: listId };
  requireFitting(input.kind, settings);
  const at = deps.now();
  const id = newId('form', at);
  const form: FormWithAddress = {
    ...toColumns(settings),
    ...{ id, address: id, createdAt: at, updatedAt: at, version: 1 },
  };
  const addresses = [{ address: id, createdAt: at, retiresAt: null }];
  const act = newAct({ action: 'form.created', ...by, targetId: id, detail: {}, at });
  const body = presentForm({ ...form, addresses }, deps.config.publicUrl);
  try {
    return await answerOnce(deps, tokens, { resourceId: id, status: 201, body }, (orm) => [
      recordAct(orm, act, listId === null ? undefined : isPublicList(orm, listId)),
      ...insertForm(orm, form),
    ]);
  } catch (error) {
    const noList = error instanceof ConstraintError && error.constraint === 'not_null';
    throw noList ? noPublicList() : error;
  }
}
