import { readFormBody, type FormBody } from '../../http/form-body.ts';
import type { AppContext } from '../../http/context.ts';
import { sha256 } from '../../lib/hashing.ts';
import { originOf } from '../../lib/web-address.ts';
import { takeControlFields } from '../control-fields.ts';
import type { Entry } from '../gates/gate.ts';
import { mapLead } from '../map-lead.ts';
import type { FormWithAddress } from '../queries.ts';

/** An entry as it came in, before it was counted, and the fingerprint by which the same one is recognised. */
export type ReadEntry = {
  entry: Omit<Entry, 'repeated'>;
  files: FormBody['files'];
  fingerprint: string;
};

/** The most that the files of a form may hold together, in bytes; an entry above it is not even read. */
const maxFileBytes = 25 * 1_048_576;

/** Reads what a visitor sent to a form. Throws 400, 413, 415, 422 for what cannot be read. */
export async function readEntry(c: AppContext, form: FormWithAddress): Promise<ReadEntry> {
  const body = await readFormBody(c, form.uploads === null ? 0 : maxFileBytes);
  const { content, control } = takeControlFields(body.content);
  const session = readSession(c.req.header('Formspree-Session-Data'));
  const files = await Promise.all(
    body.files.map(async ({ field, bytes }) => [field, await sha256(bytes)]),
  );
  return {
    files: body.files,
    fingerprint: await sha256(JSON.stringify([form.id, content, files])),
    entry: {
      form,
      content,
      control,
      lead: mapLead(content, { inputs: body.inputs, referer: pageBefore(c) }),
      origin: pageOrigin(c),
      ip: c.req.header('CF-Connecting-IP') ?? null,
      automated: session,
      at: c.var.deps.now(),
    },
  };
}

/** The origin of the page that sent a request, from `Origin`, else from `Referer`. */
export function pageOrigin(c: AppContext): string | null {
  return originOf(c.req.header('Origin') ?? '') ?? originOf(c.req.header('Referer') ?? '');
}

/** The page that sent a request, as far as browsers say; null for our own, which sends a mended form again. */
function pageBefore(c: AppContext): string | null {
  const referer = c.req.header('Referer') ?? '';
  const origin = originOf(referer);
  return origin === null || origin === c.var.deps.config.publicUrl ? null : referer;
}

/** Formspree's libraries say in base64 JSON whether the browser is driven by a program. */
function readSession(header: string | undefined): boolean {
  try {
    const { webdriver } = JSON.parse(atob(header ?? '')) as { webdriver?: unknown };
    return webdriver === true;
  } catch {
    return false;
  }
}
