import { Hono } from 'hono/tiny';
import { AppError } from '../../errors.ts';
import type { AppContext, AppEnv } from '../../http/context.ts';
import { anonymousLimit, enforceLimits } from '../../http/limits.ts';
import { noFormThere } from '../find-form.ts';
import { answerConfig } from './answer-config.ts';
import { sendThanks } from './answer-taken.ts';
import { takeEntry } from './take-entry.ts';
import { requireForm, visitForm } from './visit.ts';

/** Where website forms post to, as at other form services. At the last one the body says which form it is. */
const addresses = [
  '/f/:address',
  '/p/:project/f/:address',
  '/s/:address',
  '/submit/:address',
  '/submit',
];

/** Where a page asks about its form. */
const configs = addresses
  .filter((path) => path.endsWith(':address'))
  .map((path) => `${path}/config`);

/** All that begins like an address of a form. */
export const doorPaths = ['/f/*', '/p/*', '/s/*', '/submit/*'];

/** The public door: every answer of it is one that the sender of a form can use. */
export const doorRoutes = new Hono<AppEnv>()
  .get('/f/:address/thanks', async (c) => sendThanks(c, await visitForm(c, c.req.param('address'))))
  .on('GET', configs, (c) => answerConfig(c, c.req.param('address') ?? ''))
  .on('POST', addresses, (c) => takeEntry(c, c.req.param('address') ?? null))
  .on('ALL', addresses, (c) => explainDoor(c, c.req.param('address')))
  .on('ALL', doorPaths, async (c) => {
    await enforceLimits(c, [anonymousLimit(c)]);
    throw noFormThere();
  });

/** Tells whoever opens the address of a form in a browser what it is for. */
async function explainDoor(c: AppContext, address: string | undefined): Promise<never> {
  if (address !== undefined) await requireForm(c, address);
  await enforceLimits(c, [anonymousLimit(c)]);
  throw new AppError('method_not_allowed', 'This address takes forms: <form method="POST">.', {
    headers: { Allow: 'POST' },
  });
}
