import { describe, it } from 'vitest';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { countLeads } from '../support/rows.ts';

// A database client shared by requests once hung two thirds of these: each request opens its own.
describe('many captures at once on one isolate', () => {
  for (const count of [60, 300]) {
    it(
      `stores each of ${count} and answers each with 201`,
      { timeout: 30_000 },
      async ({ expect }) => {
        const { formId } = await makeForm();
        const { key } = await makeSecretKey(['leads:write'], { rate_limit: '100000/1h' });

        const answers = await Promise.all(
          Array.from({ length: count }, async () => {
            const answer = await call('/v1/leads', {
              key,
              json: { ...makePerson(), form_id: formId },
            });
            await answer.text();
            return answer.status;
          }),
        );

        expect(answers.filter((status) => status !== 201)).toEqual([]);
        expect(await countLeads(operator, formId)).toBe(count);
      },
    );
  }
});
