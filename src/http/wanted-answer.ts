import type { AppContext } from './context.ts';

/**
 * What the sender of a form can use: `json` for a script, `redirect` for a browser that goes where it is sent, `page`
 * for a script that asked for HTML. A script is never redirected: it would run into the other site's CORS.
 */
export type WantedAnswer = 'json' | 'redirect' | 'page';

const json = /\b(application|text)\/([\w.+-]+\+)?json\b/;

/** Finds out from the headers, the plainest word first, what to answer. */
export function wantedAnswer(c: AppContext): WantedAnswer {
  const accept = (c.req.header('Accept') ?? '').toLowerCase();
  const mode = (c.req.header('Sec-Fetch-Mode') ?? '').toLowerCase();
  const html = accept.includes('text/html');
  if (c.req.header('X-Requested-With')?.toLowerCase() === 'xmlhttprequest') return 'json';
  if (json.test(accept)) return 'json';
  if (mode === 'navigate') return 'redirect';
  if (mode !== '') return html ? 'page' : 'json';
  // No browser navigates with JSON.
  if (!json.test((c.req.header('Content-Type') ?? '').toLowerCase())) return 'redirect';
  return html ? 'page' : 'json';
}
