import { notFound } from '../errors.ts';
import type { AppContext } from './context.ts';
import { dayMs } from '../lib/units.ts';

/** Whom to tell about a weakness: RFC 9116. Exists where SECURITY_CONTACT is set. */
export function securityTxt(c: AppContext): Response {
  const { config, now } = c.var.deps;
  if (config.securityContact === null) throw notFound('security.txt');
  // A date a month off, renewed each day, is never stale.
  const expires = new Date(Math.floor(now() / dayMs) * dayMs + 30 * dayMs).toISOString();
  return c.text(
    [
      `Contact: ${config.securityContact}`,
      `Expires: ${expires}`,
      'Preferred-Languages: en',
      `Canonical: ${config.publicUrl}/.well-known/security.txt`,
      '',
    ].join('\n'),
    200,
    { 'Cache-Control': 'public, max-age=86400' },
  );
}
