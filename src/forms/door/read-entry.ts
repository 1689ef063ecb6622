import { AppError } from '../../errors.ts';
import { mostBytes } from '../../files/most-bytes.ts';
import type { AppContext } from '../../http/context.ts';
import { readFormBody, type FormBody } from '../../http/form-body.ts';
import { flattenFields } from '../../lib/flatten-fields.ts';
import { chooseLanguage } from '../../pages/choose-language.ts';
import { addressHeaders, takeControlFields } from '../control-fields.ts';
import type { Entry, UncountedEntry } from '../gates/gate.ts';
import { languageIn, mapLead } from '../map-lead.ts';
import { pageBefore, pageOrigin } from './page-origin.ts';
import { requireForm } from './visit.ts';

/** An entry as it came in. */
export type ReadEntry = {
  entry: UncountedEntry;
  files: FormBody['files'];
  /** The names of the control fields in it. */
  stripped: string[];
};

/** The form at an address; without one, at that in a header. Null where only the body may name it. Throws 404 and 403. */
export async function findNamedForm(
  c: AppContext,
  address: string | null,
): Promise<Entry['form'] | null> {
  const named = address ?? addressHeaders.map((name) => c.req.header(name)).find(Boolean);
  return named === undefined ? null : requireForm(c, named);
}

/**
 * Reads what a visitor sent to a form; null stands for the one that the body names. Throws 404 and 403 where no form
 * takes it, 400, 413 and 415 for what cannot be read, 422 for nothing. No files are read for a form that only the body
 * names: its policy comes too late.
 */
export async function readEntry(c: AppContext, known: Entry['form'] | null): Promise<ReadEntry> {
  const uploads = known?.uploads ?? null;
  const body = await readFormBody(c, uploads === null ? null : mostBytes(uploads));
  const { content, control: said, stripped } = takeControlFields(body.content);
  const form = known ?? (await requireForm(c, said.formAddress ?? ''));
  const control = { ...said, language: said.language ?? languageIn(content, form) };
  const entry = {
    ...{
      form,
      content,
      control,
      language: chooseLanguage(c, control.language ?? c.req.query('lang') ?? null),
    },
    lead: mapLead(content, { inputs: body.inputs, referer: pageBefore(c) }),
    origin: pageOrigin(c),
    ip: c.req.header('CF-Connecting-IP') ?? null,
    automated: isAutomated(c.req.header('Formspree-Session-Data')),
    at: c.var.deps.now(),
  };
  c.set('visit', { form, entry, fileInputs: [...new Set(body.files.map(({ field }) => field))] });
  if (body.files.length === 0 && flattenFields(content).every(([, value]) => value.trim() === '')) {
    throw new AppError('empty_entry', 'No field has a value.');
  }
  return { entry, files: body.files, stripped };
}

/** Formspree's libraries say in base64 JSON whether the browser is driven by a program. */
function isAutomated(header: string | undefined): boolean {
  try {
    const { webdriver } = JSON.parse(atob(header ?? '')) as { webdriver?: unknown };
    return webdriver === true;
  } catch {
    return false;
  }
}
