import { describe, it } from 'vitest';
import { openOperatorDeps } from '../../cli/operator-deps.ts';
import { changeForm } from '../../src/forms/change-form.ts';
import { deleteForm } from '../../src/forms/delete-form.ts';
import { findFormByAddress } from '../../src/forms/find-form.ts';
import { replaceAddress } from '../../src/forms/replace-address.ts';
import { faulty } from '../support/faults.ts';
import { call, makeBareForm, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { loggedOfKind } from '../support/watch-logs.ts';

const by = { actor: 'test', requestId: null };
const anybody = { ...by, known: null };

/** What an isolate of its own works with: its calls to the database are counted, and its clock is set by hand. */
function startIsolate() {
  const database = faulty('database', 'none');
  const clock = { now: Date.now() };
  return {
    clock,
    deps: {
      ...openOperatorDeps({
        database: { url: `${database.url}/`, authToken: null },
        ...operator.config,
      }),
      now: () => clock.now,
    },
    countReads: async () => (await database.seen()).length,
  };
}

describe('the form at an address', () => {
  it('is read once in 9 s, so that a change elsewhere counts within 10', async ({ expect }) => {
    const id = await makeBareForm();
    const { clock, deps, countReads } = startIsolate();
    expect(await findFormByAddress(deps, id)).toMatchObject({ id, address: id, active: true });
    await changeForm(operator, id, { active: false }, anybody);
    clock.now += 8_999;
    expect(await findFormByAddress(deps, id)).toMatchObject({ active: true });
    expect(await countReads()).toBe(1);
    clock.now += 1;
    expect(await findFormByAddress(deps, id)).toMatchObject({ active: false });
    expect(await countReads()).toBe(2);
  });

  it('is read again at once where it is changed or deleted', async ({ expect }) => {
    const id = await makeBareForm();
    const { deps } = startIsolate();
    await findFormByAddress(deps, id);
    await changeForm(deps, id, { active: false }, anybody);
    expect(await findFormByAddress(deps, id)).toMatchObject({ active: false });
    await deleteForm(deps, id, anybody);
    expect(await findFormByAddress(deps, id)).toBeNull();
  });

  it('is gone within 10 s where it was deleted elsewhere', async ({ expect }) => {
    const id = await makeBareForm();
    const { clock, deps } = startIsolate();
    await findFormByAddress(deps, id);
    await deleteForm(operator, id, anybody);
    clock.now += 9_000;
    expect(await findFormByAddress(deps, id)).toBeNull();
  });

  it('answers 404 to an entry that comes while it is still remembered', async ({ expect }) => {
    const id = await makeBareForm();
    const post = async () => (await call(`/f/${id}`, { json: makePerson() })).status;
    expect(await post()).toBe(200);
    await deleteForm(operator, id, anybody);
    expect(await post()).toBe(404);
    expect(loggedOfKind('fault')).toEqual([]);
  });

  it('is not remembered for longer than the address lasts', async ({ expect }) => {
    const id = await makeBareForm();
    const { clock, deps, countReads } = startIsolate();
    const { answer } = await replaceAddress(deps, id, { keepHours: 1, tokens: [] }, by);
    const before = await countReads();
    clock.now += 3_599_999;
    expect(await findFormByAddress(deps, id)).toMatchObject({ id });
    expect(await findFormByAddress(deps, answer.resourceId)).toMatchObject({ id });
    clock.now += 1;
    expect(await findFormByAddress(deps, id)).toBeNull();
    expect(await countReads()).toBe(before + 2);
    expect(await findFormByAddress(deps, answer.resourceId)).toMatchObject({ id });
  });

  it('stops within 10 s where the address was taken back elsewhere', async ({ expect }) => {
    const id = await makeBareForm();
    const { clock, deps } = startIsolate();
    await findFormByAddress(deps, id);
    await replaceAddress(
      { ...operator, now: () => clock.now },
      id,
      { keepHours: 0, tokens: [] },
      by,
    );
    clock.now += 8_999;
    expect(await findFormByAddress(deps, id)).toMatchObject({ id });
    clock.now += 1;
    expect(await findFormByAddress(deps, id)).toBeNull();
  });

  it('costs a guess one read in 5 s, and none where no address looks so', async ({ expect }) => {
    const { clock, deps, countReads } = startIsolate();
    const find = (address: string) => findFormByAddress(deps, address);
    expect([await find('form_unknown'), await find('form_unknown')]).toEqual([null, null]);
    expect(await countReads()).toBe(1);
    clock.now += 5_000;
    expect(await find('form_unknown')).toBeNull();
    for (const text of ['', 'short', `a-b${'c'.repeat(10)}`, 'a'.repeat(61), "' OR 1=1 --"]) {
      expect(await find(text)).toBeNull();
    }
    expect(await countReads()).toBe(2);
  });
});
