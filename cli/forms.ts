import { createForm } from '../src/forms/create-form.ts';
import { listForms } from '../src/forms/list-forms.ts';
import { textOf } from '../src/lib/text.ts';
import { openOperatorDeps } from './operator-deps.ts';
import { print } from './output.ts';
import { readParameters, UsageError } from './parameters.ts';
import { readTarget } from './target.ts';

const json = { json: { type: 'boolean' } } as const;

/** `forms create`: a form that a publishable key can be bound to. */
export async function create(parameters: string[]): Promise<void> {
  const { values } = readParameters(parameters, {
    ...json,
    name: { type: 'string' },
    source: { type: 'string' },
    category: { type: 'string' },
  });
  const name = textOf(1, 255).safeParse(values.name);
  if (!name.success) throw new UsageError('--name must have 1 to 255 characters');
  const defaults = [values.source, values.category].map((text) => readDefault(text));
  const [defaultSource = null, defaultCategory = null] = defaults;
  const deps = openOperatorDeps(readTarget(process.env));
  print(await createForm(deps, { name: name.data, defaultSource, defaultCategory }), values);
}

/** `forms list`: every form, oldest first. */
export async function list(parameters: string[]): Promise<void> {
  const { values } = readParameters(parameters, json);
  const forms = await listForms(openOperatorDeps(readTarget(process.env)));
  const short = forms.map(({ id, name, active }) => [id, name, active ? 'active' : 'inactive']);
  print(values.json === true ? forms : short, values);
}

function readDefault(text: string | undefined): string | null {
  if (text === undefined) return null;
  const read = textOf(1, 100).safeParse(text);
  if (!read.success) throw new UsageError('--source and --category have 1 to 100 characters');
  return read.data;
}
