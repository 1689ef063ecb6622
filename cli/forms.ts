import { changeForm } from '../src/forms/change-form.ts';
import {
  formChangesBody,
  formFilter,
  newFormBody,
  replaceAddressBody,
  type FormChanges,
  type FormJson,
} from '../src/forms/contract.ts';
import { createForm } from '../src/forms/create-form.ts';
import { deleteForm } from '../src/forms/delete-form.ts';
import { readForm } from '../src/forms/read-form.ts';
import { listForms } from '../src/forms/list-forms.ts';
import { presentForm, presentListedForm } from '../src/forms/present-form.ts';
import { replaceAddress } from '../src/forms/replace-address.ts';
import type { Command } from './command.ts';
import { formOptionHelp, formOptions, newFormOptions, readFormOptions } from './form-options.ts';
import { checkChanges, checkInput, checkOptions, settingsOf } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text } from './parameters.ts';
import { readAll } from './read-all.ts';
import { rowsOf, toColumns } from './table.ts';
import { openTarget } from './target.ts';

const idHelp: [string, string] = ['<id>', 'its id, form_…, from forms list'];

export const createFormCommand: Command = {
  name: 'forms create',
  summary: 'Make a form and print its id',
  takes: [
    [
      '--kind lead|newsletter',
      'what comes of its entries: leads, or sign-ups; lead when not given',
    ],
    ...formOptionHelp,
  ],
  async run(parameters) {
    const { values } = readParameters(parameters, newFormOptions);
    const input = checkInput(newFormBody, readFormOptions(values));
    const deps = await openTarget();
    const { answer } = await createForm(deps, input, operator, []);
    const form = answer.body as FormJson;
    const note = [`created on ${deps.host}; post to ${form.url}`, ...unchecked(input)].join('\n');
    return { json: form, text: form.id, note };
  },
};

export const listFormsCommand: Command = {
  name: 'forms list',
  summary: 'List every form, newest first',
  takes: [['--active true|false', 'those that take entries, or those that are closed']],
  async run(parameters) {
    const { values } = readParameters(parameters, { active: text });
    const filter = checkOptions(formFilter, values);
    const deps = await openTarget();
    const rows = await readAll((page) => listForms(deps, filter, page));
    const forms = rows.map((form) => presentListedForm(form, deps.config.publicUrl));
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

export const showFormCommand: Command = {
  name: 'forms show',
  summary: 'Show all settings of a form, and its addresses',
  takes: [idHelp],
  async run(parameters) {
    const id = readWord(parameters, '<id>');
    const deps = await openTarget();
    const { addresses, ...form } = presentForm(await readForm(deps, id), deps.config.publicUrl);
    const older = addresses.flatMap(({ url, retires_at: end }) =>
      end === null ? [] : [['older', `${url} until ${end}`]],
    );
    return { json: { ...form, addresses }, text: toColumns([...rowsOf(form), ...older]) };
  },
};

export const changeFormCommand: Command = {
  name: 'forms change',
  summary: 'Change settings of a form: seen everywhere within 10 s',
  takes: [idHelp, ...formOptionHelp, ['none', 'as a value, takes away what an option says']],
  async run(parameters) {
    const { values, words } = readParameters(parameters, formOptions, ['<id>']);
    const changes = checkChanges(formChangesBody, readFormOptions(values));
    return change(words[0], changes, ({ id, version }) => `${id} is now in version ${version}`);
  },
};

export const closeFormCommand: Command = {
  name: 'forms close',
  summary: 'Let a form take no more entries',
  takes: [idHelp],
  run(parameters) {
    return change(readWord(parameters, '<id>'), { active: false }, ({ id }) => `${id} is closed`);
  },
};

export const openFormCommand: Command = {
  name: 'forms open',
  summary: 'Let a form take entries again',
  takes: [idHelp],
  run(parameters) {
    return change(
      readWord(parameters, '<id>'),
      { active: true },
      ({ id }) => `${id} takes entries`,
    );
  },
};

export const newAddressCommand: Command = {
  name: 'forms new-address',
  summary: 'Give a form a new address, and print it',
  takes: [
    idHelp,
    ['--keep-hours <number>', 'for which the addresses before work on; 24 when not given'],
  ],
  async run(parameters) {
    const { values, words } = readParameters(parameters, { 'keep-hours': text }, ['<id>']);
    const given = settingsOf(['keep_hours'], values);
    const { keep_hours: keepHours } = checkInput(replaceAddressBody, given);
    const [id = ''] = words;
    const order = { keepHours, tokens: [] };
    const { answer } = await replaceAddress(await openTarget(), id, order, operator);
    const form = answer.body as FormJson;
    return { json: form, text: form.url, note: `those before work for ${keepHours} hours more` };
  },
};

export const deleteFormCommand: Command = {
  name: 'forms delete',
  summary: 'Delete a form for good; its leads stay, of no form',
  takes: [idHelp],
  async run(parameters) {
    const id = readWord(parameters, '<id>');
    await deleteForm(await openTarget(), id, { ...operator, known: null });
    return { json: { id, deleted: true }, text: `${id} is deleted` };
  },
};

/** What a form asks of its deployment that cannot be seen from here. */
function unchecked({ captcha, uploads }: Pick<FormChanges, 'captcha' | 'uploads'>): string[] {
  return [
    ...(captcha ? [`needs ${captcha.provider.toUpperCase()}_SECRET_KEY there`] : []),
    ...(uploads ? ['needs an R2 bucket, bound there as FILES'] : []),
  ];
}

async function change(id = '', changes: FormChanges, say: (form: FormJson) => string) {
  const deps = await openTarget();
  const changed = await changeForm(deps, id, changes, { ...operator, known: null });
  const form = presentForm(changed, deps.config.publicUrl);
  const missing = unchecked(changes);
  return {
    json: form,
    text: say(form),
    ...(missing.length > 0 ? { note: missing.join('\n') } : {}),
  };
}
