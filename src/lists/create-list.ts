import { newAct, recordAct, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { newId } from '../lib/ids.ts';
import type { NewList } from './contract.ts';
import { hashOfWords, toColumns } from './list-columns.ts';
import { presentList } from './present-list.ts';
import { insertList } from './statements.ts';

/** Makes a list, and answers it as it is shown. */
export async function createList(
  deps: Pick<Deps, 'database' | 'now'>,
  input: NewList,
  by: By,
  tokens: IdempotencyToken[],
): Promise<AnswerOnce> {
  const at = deps.now();
  const id = newId('list', at);
  const settings = { ...toColumns(input), id, createdAt: at, updatedAt: at, version: 1 };
  const list = { ...settings, ...(await hashOfWords(settings)) };
  const act = newAct({ action: 'list.created', ...by, targetId: id, detail: {}, at });
  const answer = { resourceId: id, status: 201 as const, body: presentList(list) };
  return answerOnce(deps, tokens, answer, (orm) => [insertList(orm, list), recordAct(orm, act)]);
}
