import type { AppContext } from './context.ts';

/** The sender's user agent, at most 400 characters of it; null without one. */
export function readUserAgent(c: AppContext): string | null {
  const text = c.req.header('User-Agent') ?? '';
  return text === '' ? null : text.slice(0, 400).toWellFormed();
}
