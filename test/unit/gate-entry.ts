import type { NewForm } from '../../src/forms/contract.ts';
import { newFormBody } from '../../src/forms/contract.ts';
import { takeControlFields } from '../../src/forms/control-fields.ts';
import { toColumns } from '../../src/forms/form-columns.ts';
import type { Entry } from '../../src/forms/gates/gate.ts';
import { mapLead } from '../../src/forms/map-lead.ts';
import { nestFields } from '../../src/lib/nest-fields.ts';

/** An entry as the door makes it of what a form sent, to a form with these settings. */
export function makeEntry(
  fields: Record<string, string>,
  more: Partial<Omit<Entry, 'form' | 'content' | 'control' | 'lead'>> & {
    form?: Partial<NewForm>;
  } = {},
): Entry {
  const { form: settings, ...facts } = more;
  const { content, control } = takeControlFields(nestFields(Object.entries(fields)));
  const columns = toColumns(newFormBody.parse({ name: 'Form of a test', ...settings }));
  const form = { ...columns, id: 'form_1', address: 'form_1', createdAt: 0, updatedAt: 0 };
  return {
    form: { ...form, version: 1 },
    content,
    control,
    language: 'en',
    lead: mapLead(content),
    origin: null,
    ip: null,
    automated: false,
    repeated: [],
    at: Date.UTC(2026, 10, 21, 12),
    ...facts,
  };
}
