import { newFormBody, type FormJson } from '../src/forms/contract.ts';
import { createForm } from '../src/forms/create-form.ts';
import { listForms } from '../src/forms/list-forms.ts';
import { presentForm } from '../src/forms/present-form.ts';
import type { Command } from './command.ts';
import { checkInput } from './input.ts';
import { readParameters } from './parameters.ts';
import { readAll } from './read-all.ts';
import { toColumns } from './table.ts';
import { openTarget } from './target.ts';

const issuer = { actor: 'cli', requestId: null };

export const createFormCommand: Command = {
  name: 'forms create',
  summary: 'Make a form and print its id',
  takes: [
    ['--name <text>', 'to recognise it by'],
    ['--source <text>', 'of the leads that name none'],
    ['--category <text>', 'of the leads that name none'],
  ],
  async run(parameters) {
    const text = { type: 'string' } as const;
    const { values } = readParameters(parameters, { name: text, source: text, category: text });
    const input = checkInput(newFormBody, {
      name: values.name,
      default_source: values.source ?? null,
      default_category: values.category ?? null,
    });
    const deps = await openTarget();
    const { answer } = await createForm(deps, input, issuer, null);
    const form = answer.body as FormJson;
    return { json: form, text: form.id, note: `created on ${deps.host}; post to ${form.url}` };
  },
};

export const listFormsCommand: Command = {
  name: 'forms list',
  summary: 'List every form, newest first',
  takes: [],
  async run(parameters) {
    readParameters(parameters, {});
    const deps = await openTarget();
    const rows = await readAll((page) => listForms(deps, page));
    const forms = rows.map((form) => presentForm(form, deps.config.publicUrl));
    const cells = forms.map((form) => [
      form.id,
      form.name,
      form.default_source ?? '-',
      form.default_category ?? '-',
      form.active ? 'active' : 'closed',
    ]);
    const heads = ['ID', 'NAME', 'SOURCE', 'CATEGORY', 'STATE'];
    return { json: { data: forms }, text: toColumns([heads, ...cells]) };
  },
};
