import { describe, it } from 'vitest';
import { openOperatorDeps } from '../../cli/operator-deps.ts';
import { changeForm } from '../../src/forms/change-form.ts';
import { isKnownOrigin } from '../../src/keys/is-known-origin.ts';
import { revokeKey } from '../../src/keys/revoke-key.ts';
import { faulty } from '../support/faults.ts';
import { makeForm, operator } from '../support/harness.ts';
import { randomWord } from '../support/people.ts';

const makeOrigin = () => `https://${randomWord()}.example`;
const by = { actor: 'test', requestId: null };

/** What an isolate of its own works with: its calls to the database are counted, and its clock is set by hand. */
function startIsolate() {
  const database = faulty('database', 'none');
  const { config } = operator;
  const clock = { now: Date.now() };
  return {
    clock,
    deps: {
      ...openOperatorDeps({
        ...config,
        database: { url: `${database.url}/`, authToken: null },
      }),
      now: () => clock.now,
    },
    countReads: async () => (await database.seen()).length,
  };
}

describe('the origins that live keys name', () => {
  it('are read once, however many origins ask', async ({ expect }) => {
    const own = makeOrigin();
    await makeForm({ origins: [makeOrigin(), own] });
    const { deps, countReads } = startIsolate();
    expect(await isKnownOrigin(deps, own)).toBe(true);
    for (let asked = 0; asked < 30; asked += 1) {
      expect(await isKnownOrigin(deps, makeOrigin())).toBe(false);
    }
    expect(await isKnownOrigin(deps, own)).toBe(true);
    expect(await countReads()).toBe(1);
  });

  it('are told to all that ask at once, and then read no more', async ({ expect }) => {
    const own = makeOrigin();
    await makeForm({ origins: [own] });
    const { deps, countReads } = startIsolate();
    const asked = Array.from({ length: 10 }, () => isKnownOrigin(deps, own));
    expect(await Promise.all(asked)).toEqual(asked.map(() => true));
    const reads = await countReads();
    expect(await isKnownOrigin(deps, own)).toBe(true);
    expect(await countReads()).toBe(reads);
  });

  it('are at most 9 s old: a key that another isolate issued or revoked counts', async ({
    expect,
  }) => {
    const [first, second] = [makeOrigin(), makeOrigin()];
    const { id } = await makeForm({ origins: [first] });
    const { clock, deps, countReads } = startIsolate();
    expect(await isKnownOrigin(deps, first)).toBe(true);
    await revokeKey(operator, id, by);
    await makeForm({ origins: [second] });

    clock.now += 8_999;
    expect(await isKnownOrigin(deps, first)).toBe(true);
    expect(await isKnownOrigin(deps, second)).toBe(false);
    expect(await countReads()).toBe(1);
    clock.now += 1;
    expect(await isKnownOrigin(deps, first)).toBe(false);
    expect(await isKnownOrigin(deps, second)).toBe(true);
    expect(await countReads()).toBe(2);
  });

  it('are read again at once where a form of theirs is changed', async ({ expect }) => {
    const own = makeOrigin();
    const { formId } = await makeForm();
    const { deps } = startIsolate();
    expect(await isKnownOrigin(deps, own)).toBe(false);
    await changeForm(deps, formId, { allowed_origins: [own] }, { ...by, known: null });
    expect(await isKnownOrigin(deps, own)).toBe(true);
  });

  it('are read again at once where a key is revoked', async ({ expect }) => {
    const own = makeOrigin();
    const { id } = await makeForm({ origins: [own] });
    const { deps } = startIsolate();
    expect(await isKnownOrigin(deps, own)).toBe(true);
    await revokeKey(deps, id, by);
    expect(await isKnownOrigin(deps, own)).toBe(false);
  });
});
