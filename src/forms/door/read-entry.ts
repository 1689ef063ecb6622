import { AppError } from '../../errors.ts';
import { mostBytes } from '../../files/most-bytes.ts';
import type { AppContext } from '../../http/context.ts';
import { readFormBody, type FormBody } from '../../http/form-body.ts';
import { flattenFields } from '../../lib/flatten-fields.ts';
import { addressHeaders, takeControlFields } from '../control-fields.ts';
import type { UncountedEntry } from '../gates/gate.ts';
import { mapLead } from '../map-lead.ts';
import { countUpload } from './count-entry.ts';
import { pageBefore, pageOrigin } from './page-origin.ts';
import { requireForm } from './visit.ts';

/** An entry as it came in. */
export type ReadEntry = {
  entry: UncountedEntry;
  files: FormBody['files'];
  /** The names of the control fields in it. */
  stripped: string[];
  /** Whether it was counted before it was read. */
  counted: boolean;
};

/**
 * Reads what a visitor sent to the form at an address; without one, to the form that a header or the body names. Throws
 * 404 and 403 where no form takes it, 400, 413 and 415 for what cannot be read, 422 for nothing, 429 where it is counted
 * before. No files are read for a form that only the body names: its policy comes too late.
 */
export async function readEntry(c: AppContext, address: string | null): Promise<ReadEntry> {
  const named = address ?? addressHeaders.map((name) => c.req.header(name)).find(Boolean);
  const known = named === undefined ? null : await requireForm(c, named);
  const counted = known !== null && (await countUpload(c, known));
  const uploads = known?.uploads ?? null;
  const body = await readFormBody(c, uploads === null ? null : mostBytes(uploads));
  const { content, control, stripped } = takeControlFields(body.content);
  const form = known ?? (await requireForm(c, control.formAddress ?? ''));
  const entry = {
    form,
    content,
    control,
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
  return { entry, files: body.files, stripped, counted };
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
