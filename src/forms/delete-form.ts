import { newAct, type By } from '../audit/statements.ts';
import { carryOut } from '../audit/carry-out.ts';
import { AppError } from '../errors.ts';
import { eraseAnswers } from '../idempotency/statements.ts';
import { removeDeadKeys } from '../keys/statements.ts';
import { ConstraintError } from '../platform/database.ts';
import { removeSentTo } from '../submissions/statements.ts';
import { requireKnown, untilFirst, type KnownVersions } from '../platform/versions.ts';
import { readForm } from './read-form.ts';
import { forgetForm } from './forget-form.ts';
import type { FormDeps } from './form-deps.ts';
import { isUnchanged, removeForm } from './queries.ts';

/**
 * Deletes a form for good, with its addresses and the keys of it that no longer work: here at once, within 10 s
 * everywhere. Its leads and what was sent stay, of no form; what was sent to one for sign-ups goes, since nothing
 * would tell any more that it asked for no more than a newsletter. Throws `not_found`, `precondition_failed`, and `conflict`
 * while a key that works is bound to it.
 */
export async function deleteForm(
  deps: FormDeps,
  id: string,
  by: By & { known: KnownVersions },
): Promise<void> {
  const { known, ...author } = by;
  await untilFirst(deps, 'form', async () => {
    const form = await readForm(deps, id);
    requireKnown('form', form.version, known);
    const at = deps.now();
    const detail = { name: form.name };
    const act = newAct({ action: 'form.deleted', ...author, targetId: id, detail, at });
    const quoted = new Set([id, ...form.addresses.map(({ address }) => address)]);
    try {
      const isDone = await carryOut(
        deps,
        act,
        (orm) => isUnchanged(orm, form),
        (orm) => [
          removeDeadKeys(orm, id, at),
          ...(form.kind === 'newsletter' ? removeSentTo(orm, id) : []),
          removeForm(orm, id),
          ...eraseAnswers(orm, [...quoted]),
        ],
      );
      if (!isDone) return null;
    } catch (error) {
      if (error instanceof ConstraintError && error.constraint === 'foreign_key') throw keyBound;
      throw error;
    }
    forgetForm(deps, id);
    return form;
  });
}

const keyBound = new AppError(
  'conflict',
  'A key that works is bound to this form. Revoke it first, or close the form with active: false.',
);
