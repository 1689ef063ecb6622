import { describe, it } from 'vitest';
import { changeLead } from '../../src/leads/change-lead.ts';
import { readLead } from '../../src/leads/read-lead.ts';
import { makeSecretKey, operator } from '../support/harness.ts';
import { makeLead } from './data.ts';

const deps = { ...operator, deadline: { at: Infinity } };
const writer = { known: null, actor: 'test' };

describe('a change whose answer is lost', () => {
  it('is not made twice: what another writer changed meanwhile stays', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { id } = await makeLead(key);
    const losingAnswers: typeof operator.database = {
      ...operator.database,
      async write(statements) {
        await operator.database.write(statements);
        await changeLead(deps, id, { position: 'CTO' }, writer);
        return operator.database.write(statements);
      },
    };
    await changeLead({ ...deps, database: losingAnswers }, id, { position: 'CEO' }, writer);
    expect(await readLead(operator, id)).toMatchObject({ position: 'CTO', version: 3 });
  });
});
