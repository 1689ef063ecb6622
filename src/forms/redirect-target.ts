import { originOf } from '../lib/web-address.ts';
import type { Form } from './queries.ts';

/**
 * Where a browser may be sent: a path on the page's own site, or an address whose origin is the form's; null for any
 * other. Whoever writes the page chooses, but nobody else's site can be made a target through a link to ours.
 */
export function redirectTarget(
  wish: string | null,
  form: Pick<Form, 'allowedOrigins' | 'redirectUrl' | 'errorUrl'>,
  pageOrigin: string | null,
): string | null {
  // `//host` looks like a path.
  if (wish === null || wish.length > 2_048 || /^[\\/]{2}/.test(wish)) return null;
  const base = pageOrigin ?? originOf(form.redirectUrl ?? '') ?? undefined;
  if (!URL.canParse(wish, base)) return null;
  const target = new URL(wish, base);
  if (target.username !== '' || target.password !== '') return null;
  const origin = originOf(target.href);
  const configured = [form.redirectUrl, form.errorUrl].map((url) => originOf(url ?? ''));
  const own = [...form.allowedOrigins, ...configured];
  // A form that names none of these belongs to the page that sent it.
  const isOpen = own.every((each) => each === null);
  const allowed = own.includes(origin) || (isOpen && origin === pageOrigin);
  return origin !== null && allowed ? target.href : null;
}
