import type { FileJson } from '../../src/files/contract.ts';
import { listFilesOf } from '../../src/files/list-files-of.ts';
import { call, makeBareForm, operator, type Call } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';

/** A file as a test sends it: the input, its name, its bytes. */
export type Sent = readonly [field: string, filename: string, bytes: Uint8Array<ArrayBuffer>];

/** A form that takes images and documents, and its address. */
export function makeFileForm(settings: Parameters<typeof makeBareForm>[0] = {}): Promise<string> {
  const uploads = { max_files: 3, max_bytes: 1_048_576, kinds: ['image', 'document'] as const };
  return makeBareForm({ uploads: { ...uploads, kinds: [...uploads.kinds] }, ...settings });
}

function formOf(fields: Record<string, string>, files: readonly Sent[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [field, filename, bytes] of files) form.append(field, new File([bytes], filename));
  return form;
}

/** Sends a person and files to a form, as a script does. */
export function sendFiles(
  formId: string,
  files: readonly Sent[],
  {
    send = call,
    headers = {},
    fields = { ...makePerson() },
  }: { send?: typeof call; headers?: Call['headers']; fields?: Record<string, string> } = {},
): Promise<Response> {
  return send(`/f/${formId}`, {
    body: formOf(fields, files),
    headers: { Accept: 'application/json', ...headers },
  });
}

/** The files of the submission that an answer names. */
export async function filesKept(answer: Response): Promise<FileJson[]> {
  const { id } = await answer.json<{ id: string }>();
  return listFilesOf(operator, id);
}
