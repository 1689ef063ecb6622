import type { AppContext } from '../../http/context.ts';
import { originOf } from '../../lib/web-address.ts';
import { chooseLanguage } from '../../pages/choose-language.ts';
import type { ControlFields } from '../control-fields.ts';
import type { Entry } from '../gates/gate.ts';
import { redirectTarget } from '../redirect-target.ts';
import { siteOrigin } from './page-origin.ts';

type Wishes = Pick<ControlFields, 'redirectTo' | 'errorRedirectTo' | 'sitePage' | 'language'>;

/** Where a visitor goes when an entry was taken: where its form wishes and may, else where that is set to, else our page. */
export function successRedirect(c: AppContext, form: Entry['form'], control: Wishes): string {
  const wish = redirectTarget(control.redirectTo, form, siteOrigin(c, control.sitePage));
  if (wish !== null || form.redirectUrl !== null) return wish ?? form.redirectUrl ?? '';
  const thanks = `${c.var.deps.config.publicUrl}/f/${form.address}/thanks`;
  const { language } = control;
  return language === null ? thanks : `${thanks}?lang=${chooseLanguage(c, language)}`;
}

/** Where a visitor goes when an entry was not taken; null for our page. The code says why, and nothing about whom. */
export function errorRedirect(
  c: AppContext,
  form: Entry['form'],
  control: Wishes | undefined,
  code: string,
): string | null {
  const site = siteOrigin(c, control?.sitePage ?? null);
  const target = redirectTarget(control?.errorRedirectTo ?? null, form, site) ?? form.errorUrl;
  if (target === null) return null;
  const url = new URL(target);
  url.searchParams.set('error', code);
  return url.href;
}

/** The page of the site that a visitor comes from, as far as the browser tells and a form may send there. */
export function backUrl(
  c: AppContext,
  form: Entry['form'],
  control: Wishes | undefined,
): string | null {
  const site = siteOrigin(c, control?.sitePage ?? null);
  const referer = c.req.header('Referer') ?? '';
  const page = site !== null && originOf(referer) === site ? referer : site;
  const home = form.allowedOrigins[0] ?? originOf(form.redirectUrl ?? '');
  return redirectTarget(page, form, site) ?? home;
}
