import type { AppContext } from './context.ts';

/**
 * What the sender of a form can use: `json` for a script, `redirect` for a browser that goes where it is sent, `page`
 * for a script that asked for HTML. A script is never redirected: it would run into the other site's CORS.
 */
export type WantedAnswer = 'json' | 'redirect' | 'page';

const json = /\b(application|text)\/([\w.+-]+\+)?json\b/i;
const html = /\btext\/html\b/i;

/** Whether the header asks for a dry run: only programs send it. */
export function hasDryRunHeader(c: AppContext): boolean {
  return c.req.header('X-Inlet-Dry-Run')?.trim().toLowerCase() === 'true';
}

/** Finds out from the request, the plainest word first, what to answer. */
export function wantedAnswer(c: AppContext): WantedAnswer {
  const accept = c.req.header('Accept') ?? '';
  const mode = c.req.header('Sec-Fetch-Mode')?.toLowerCase() ?? '';
  if (c.req.header('X-Requested-With')?.toLowerCase() === 'xmlhttprequest') return 'json';
  if (hasDryRunHeader(c)) return 'json';
  if (json.test(accept) || c.req.path.endsWith('.json')) return 'json';
  if (mode === 'navigate') return 'redirect';
  const asScript = html.test(accept) ? 'page' : 'json';
  // No browser navigates with JSON.
  if (mode !== '' || json.test(c.req.header('Content-Type') ?? '')) return asScript;
  // A browser that says no mode asks for HTML when it navigates; its scripts ask for anything.
  return accept === '' || html.test(accept) ? 'redirect' : 'json';
}
