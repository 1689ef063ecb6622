import * as z from 'zod/mini';
import { createForm } from '../src/forms/create-form.ts';
import { listForms } from '../src/forms/list-forms.ts';
import { nullableText, textOf } from '../src/lib/text.ts';
import type { Command } from './command.ts';
import { checkInput } from './input.ts';
import { readParameters } from './parameters.ts';
import { toColumns } from './table.ts';
import { openTarget } from './target.ts';

type Form = Awaited<ReturnType<typeof listForms>>[number];

const newForm = z.strictObject({
  name: textOf(1, 255),
  source: nullableText(100),
  category: nullableText(100),
});

export const createFormCommand: Command = {
  name: 'forms create',
  summary: 'Make a form for publishable keys to be bound to, and print its id',
  takes: [
    ['--name <text>', 'to recognise it by'],
    ['--source <text>', 'of the leads that name none'],
    ['--category <text>', 'of the leads that name none'],
  ],
  async run(parameters) {
    const text = { type: 'string' } as const;
    const { values } = readParameters(parameters, { name: text, source: text, category: text });
    const { name, source, category } = checkInput(newForm, {
      source: null,
      category: null,
      ...values,
    });
    const deps = await openTarget();
    const form = await createForm(deps, { name, defaultSource: source, defaultCategory: category });
    return { json: present(form), text: form.id, note: `created on ${deps.host}` };
  },
};

export const listFormsCommand: Command = {
  name: 'forms list',
  summary: 'List every form, oldest first',
  takes: [],
  async run(parameters) {
    readParameters(parameters, {});
    const forms = (await listForms(await openTarget())).map((form) => present(form));
    const rows = forms.map((form) => [
      form.id,
      form.name,
      form.default_source ?? '-',
      form.default_category ?? '-',
      form.active ? 'active' : 'closed',
    ]);
    const heads = ['ID', 'NAME', 'SOURCE', 'CATEGORY', 'STATE'];
    return { json: { data: forms }, text: toColumns([heads, ...rows]) };
  },
};

function present(form: Form) {
  return {
    id: form.id,
    name: form.name,
    default_source: form.defaultSource,
    default_category: form.defaultCategory,
    active: form.active,
    created_at: new Date(form.createdAt).toISOString(),
    updated_at: new Date(form.updatedAt).toISOString(),
  };
}
