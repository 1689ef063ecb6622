import type { AppContext } from '../../http/context.ts';
import { originOf } from '../../lib/web-address.ts';

/** The origin of the page that sent a request, from `Origin`, else from `Referer`; ours goes by its public name. */
export function pageOrigin(c: AppContext): string | null {
  const origin = originOf(c.req.header('Origin') ?? '') ?? originOf(c.req.header('Referer') ?? '');
  return isOurs(c, origin) ? c.var.deps.config.publicUrl : origin;
}

/** The origin of the site's page. Behind our own error page it is what that page says. */
export function siteOrigin(c: AppContext, sitePage: string | null): string | null {
  const origin = pageOrigin(c);
  return origin === c.var.deps.config.publicUrl ? originOf(sitePage ?? '') : origin;
}

/** The page that sent a request, as far as browsers say; null for our own, which sends a mended form again. */
export function pageBefore(c: AppContext): string | null {
  const referer = c.req.header('Referer') ?? '';
  const origin = originOf(referer);
  return origin === null || isOurs(c, origin) ? null : referer;
}

/** A deployment may answer at other hosts than the one of its public name. */
function isOurs(c: AppContext, origin: string | null): boolean {
  return origin === c.var.deps.config.publicUrl || origin === new URL(c.req.url).origin;
}
