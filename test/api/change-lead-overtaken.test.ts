import { describe, it } from 'vitest';
import { changeLead } from '../../src/leads/change-lead.ts';
import { deleteLead } from '../../src/leads/delete-lead.ts';
import { readLead } from '../../src/leads/read-lead.ts';
import { call, makeSecretKey, operator } from '../support/harness.ts';
import { makeLead, readList } from './data.ts';

const writer = { known: null, actor: 'test', requestId: 'request-of-a-test' };

/** What a use case works with when another writer is always first; each attempt takes a second of its time. */
function alwaysOvertaken(id: string) {
  const clock = { now: Date.now() };
  const deadline = { at: clock.now + 2_400 };
  let overtaken = 0;
  const database: typeof operator.database = {
    ...operator.database,
    async write(statements) {
      overtaken += 1;
      clock.now += 1_000;
      const other = { ...operator, deadline };
      await changeLead(other, id, { notes: `Change ${overtaken} of another` }, writer);
      return operator.database.write(statements);
    },
  };
  return { deps: { database, deadline, now: () => clock.now }, countTries: () => overtaken };
}

describe('a writer that others overtake', () => {
  it('among 20 at once gets its change in, or hears of the conflict', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const positions = Array.from({ length: 20 }, (_, index) => `Position ${index}`);
    const answers = await Promise.all(
      positions.map(async (position) => {
        const json = { position };
        const { status } = await call(`/v1/leads/${id}`, { method: 'PATCH', key, json });
        return { position, status };
      }),
    );
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    const taken = answers.filter(({ status }) => status === 200).map(({ position }) => position);

    type Event = { version: number; changes: { position: string[] } | null };
    const { data } = await readList<Event>(`/v1/leads/${id}/events`, key);
    expect(data.map((event) => event.version)).toEqual([1, ...taken.map((_, at) => at + 2)]);
    const made = data.flatMap((event) => event.changes?.position[1] ?? []);
    expect(made.toSorted()).toEqual(taken.toSorted());
  });

  it('hears of the conflict while the request still has time to say so', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const change = alwaysOvertaken(id);
    const changed = changeLead(change.deps, id, { position: 'CEO' }, writer);
    await expect(changed).rejects.toMatchObject({ code: 'conflict' });
    expect(change.countTries()).toBe(2);

    const removal = alwaysOvertaken(id);
    const deleted = deleteLead(removal.deps, id, writer);
    await expect(deleted).rejects.toMatchObject({ code: 'conflict' });
    expect(removal.countTries()).toBe(2);
    expect(await readLead(operator, id)).toMatchObject({ position: null, version: 5 });
  });
});
