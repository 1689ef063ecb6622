import type { AppContext } from '../../http/context.ts';
import { flattenFields, isSameInput } from '../../lib/flatten-fields.ts';
import { originOf } from '../../lib/web-address.ts';
import type { Failure } from '../../pages/messages/en.ts';
import { checkOrigin } from '../gates/origin.ts';
import { errorRedirect, successRedirect } from './destinations.ts';
import { siteOrigin } from './page-origin.ts';
import type { SecondTry } from './pages/error-page.ts';
import type { Refusal } from './refusal.ts';
import { typedIn } from './typed-in.ts';

/** What a visitor can mend, or only has to send again. */
const mendable = new Set<Failure>(['invalid', 'busy', 'failed']);

/**
 * What a form on our page needs to send an entry again. Null where that would not help: nothing is known of the entry,
 * the visitor has to pass a captcha, which is on the site's page, or that page may not send here.
 */
export function offerSecondTry(c: AppContext, { failure, mistakes }: Refusal): SecondTry | null {
  const { form, entry, fileInputs = [] } = c.var.visit ?? {};
  if (form === undefined || entry === undefined || !mendable.has(failure)) return null;
  const mayCome = 'pass' in checkOrigin(entry, c.var.deps);
  if (form.captcha !== null || !mayCome) return null;
  const { content, control } = entry;
  const said = {
    _next: control.redirectTo,
    _error: control.errorRedirectTo,
    _gotcha: control.honeypot ? 'on' : null,
    _stamp: control.renderStamp,
    _language: control.language,
    _inlet_page: siteOrigin(c, control.sitePage),
  };
  const kept = [...flattenFields(content), ...Object.entries(said)].filter(
    (pair): pair is [string, string] =>
      pair[1] !== null && mistakes.every(({ field }) => !isSameInput(field, pair[0])),
  );
  const ends = [successRedirect(c, form, control), errorRedirect(c, form, control, '')];
  // A policy is a list with semicolons, and a host may hold one.
  const origins = ends
    .map((end) => originOf(end ?? ''))
    .filter((end) => /^[^;,]+$/.test(end ?? ''));
  return {
    action: `/f/${form.address}`,
    targets: ["'self'", ...new Set(origins as string[])],
    kept,
    typed: mistakes.map(({ field }) => typedIn(content, field) ?? ''),
    fileInputs,
  };
}
