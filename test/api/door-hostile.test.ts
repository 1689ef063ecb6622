import * as fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { takeControlFields } from '../../src/forms/control-fields.ts';
import { readFormBody } from '../../src/http/form-body.ts';
import { operator } from '../support/harness.ts';
import { jsonForms, multipartForms, urlencodedForms } from '../support/hostile-forms.ts';
import { rowsOf } from '../support/rows.ts';
import { tinyApp } from '../unit/tiny-app.ts';
import { makeBusyForm, readAllKept, sendForm } from './door.ts';

/** Understands a form as the service should. */
const reader = tinyApp(async (c) => {
  const { content } = await readFormBody(c, null);
  return c.json(takeControlFields(content).content);
});

/** Together 10,080 forms, so many of them at once. */
const batches = 140;
const batch = { minLength: 24, maxLength: 24 };

describe('any form, sent to the service', { timeout: 180_000 }, () => {
  it.for([
    ['JSON', jsonForms],
    ['urlencoded', urlencodedForms],
    ['multipart', multipartForms],
  ] as const)('in %s is kept as it was understood, or refused', async ([, forms], { expect }) => {
    const form = await makeBusyForm({ repeat_contacts: 'new' });
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(forms, batch), async (batch) => {
        const answers = await Promise.all(batch.map((sent) => sendForm(`/f/${form}`, sent)));
        const rows = await readAllKept(answers.map(({ answer }) => answer.id ?? ''));
        for (const [at, { status, answer }] of answers.entries()) {
          // One that asks for a dry run, which needs a key.
          if (status === 401) {
            expect(answer).toMatchObject({ code: 'missing_key' });
            continue;
          }
          if (status !== 200) {
            expect([400, 413, 415, 422]).toContain(status);
            expect(answer).toMatchObject({ ok: false, message: expect.stringMatching(/\S/) });
            continue;
          }
          const understood = await reader.request('/', { method: 'POST', ...batch[at] });
          const { payload, lead = null } = rows.get(answer.id ?? '') ?? {};
          expect(payload).toEqual(await understood.json());
          if (lead !== null) {
            expect(lead).toMatchObject({ form_id: form, status: 'new', version: 1 });
          }
          kept += 1;
        }
      }),
      { numRuns: batches },
    );
    expect(kept).toBeGreaterThan(250);
    const [row] = await rowsOf<{ others: number }>(
      operator,
      sql`SELECT count(*) AS others FROM submissions
          WHERE form_id = ${form} AND (json_type(payload) <> 'object' OR instr(payload, char(0)) > 0)`,
    );
    expect(row).toEqual({ others: 0 });
  });
});
