import { newAct, recordAct, type By } from '../audit/statements.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import type { NewForm } from './contract.ts';
import { toColumns } from './form-columns.ts';
import type { FormDeps } from './form-deps.ts';
import { presentForm } from './present-form.ts';
import { insertForm, type FormWithAddress } from './queries.ts';

/** Makes a form, and answers it as it is shown. Its first address is its id. */
export async function createForm(
  deps: Pick<FormDeps, 'database' | 'now' | 'config'>,
  input: NewForm,
  by: By,
  tokens: IdempotencyToken[],
): Promise<AnswerOnce> {
  const at = deps.now();
  const id = newId('form', at);
  const form: FormWithAddress = {
    ...toColumns(input),
    ...{ id, address: id, createdAt: at, updatedAt: at, version: 1 },
  };
  const addresses = [{ address: id, createdAt: at, retiresAt: null }];
  const act = newAct({ action: 'form.created', ...by, targetId: id, detail: {}, at });
  const body = presentForm({ ...form, addresses }, deps.config.publicUrl);
  return answerOnce(deps, tokens, { resourceId: id, status: 201, body }, (orm) => [
    ...insertForm(orm, form),
    recordAct(orm, act),
  ]);
}
