import type { AppContext } from '../../http/context.ts';
import { makeRenderStamp } from '../gates/render-stamp.ts';
import { requireForm } from './visit.ts';

/**
 * What a page needs to know of its form, and a stamp that says when it asked. Anybody may ask, once for each page view,
 * so that it counts in no window but the platform's burst.
 */
export async function answerConfig(c: AppContext, address: string): Promise<Response> {
  const form = await requireForm(c, address);
  const { config, now } = c.var.deps;
  const { captcha } = form;
  return c.json({
    stamp: await makeRenderStamp(config.secrets[0], form.id, now()),
    captcha:
      captcha === null
        ? null
        : { provider: captcha.provider, site_key: captcha.site_key, action: captcha.action },
    uploads: form.uploads,
  });
}
