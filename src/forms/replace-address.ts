import { newAct, recordAct, type By } from '../audit/statements.ts';
import { wasCarriedOut } from '../audit/carry-out.ts';
import { AppError } from '../errors.ts';
import { answerOnce, type AnswerOnce, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { randomBase62 } from '../lib/base62.ts';
import { untilFirst } from '../platform/versions.ts';
import { works } from './find-form.ts';
import { readForm } from './read-form.ts';
import { forgetForm } from './forget-form.ts';
import type { FormDeps } from './form-deps.ts';
import { presentForm } from './present-form.ts';
import {
  insertAddress,
  isUnchanged,
  removeRetired,
  retireAddresses,
  updateForm,
  type FormWithAddresses,
} from './queries.ts';
import { hourMs } from '../lib/units.ts';

const maxWorking = 10;

/**
 * Gives a form a new address, where the old one has become known to the wrong people, and answers the form as it is
 * shown. The addresses before work for `keepHours` more at most; with 0 they stop at once here, within 10 s
 * everywhere. Throws `not_found`, and `conflict` where too many work at once.
 */
export function replaceAddress(
  deps: FormDeps,
  id: string,
  { keepHours, tokens }: { keepHours: number; tokens: IdempotencyToken[] },
  by: By,
): Promise<AnswerOnce> {
  return untilFirst(deps, 'form', async () => {
    const before = await readForm(deps, id);
    const at = deps.now();
    const retiresAt = at + keepHours * hourMs;
    const form = withNewAddress(before, at, retiresAt);
    const { address, updatedAt, version } = form;
    const act = newAct({ action: 'form.address_replaced', ...by, targetId: id, detail: {}, at });
    // Not the form's id: a repeat would take an earlier answer for its own.
    const answer = {
      resourceId: address,
      status: 201 as const,
      body: presentForm(form, deps.config.publicUrl),
    };
    let outcome: AnswerOnce = { answer, replayed: false };
    try {
      outcome = await answerOnce(deps, tokens, answer, (orm) => [
        recordAct(orm, act, isUnchanged(orm, before)),
        removeRetired(orm, id, at),
        retireAddresses(orm, id, retiresAt),
        insertAddress(orm, id, address, at),
        updateForm(orm, id, { updatedAt, version }),
      ]);
    } catch (error) {
      if (!(await wasCarriedOut(deps, act, error))) return null;
    }
    forgetForm(deps, id);
    return outcome;
  });
}

function withNewAddress(
  before: FormWithAddresses,
  at: number,
  retiresAt: number,
): FormWithAddresses {
  const older = before.addresses
    .filter((each) => works(each, at))
    .map(({ address, createdAt, retiresAt: end }) => ({
      address,
      createdAt,
      retiresAt: Math.min(end ?? retiresAt, retiresAt),
    }));
  if (retiresAt > at && older.length >= maxWorking) {
    throw new AppError(
      'conflict',
      `${maxWorking} addresses of this form still work. With keep_hours 0 they stop.`,
    );
  }
  const address = randomBase62(24);
  return {
    ...before,
    ...{ address, updatedAt: at, version: before.version + 1 },
    addresses: [{ address, createdAt: at, retiresAt: null }, ...older],
  };
}
