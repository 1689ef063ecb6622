import type { Hono } from 'hono/tiny';
import { AppError } from '../errors.ts';
import type { AppContext, AppEnv } from './context.ts';
import { anonymousLimit, enforceLimits } from './limits.ts';

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** Answers what no route took: 405 with `Allow` where the path is known under another method, else 404. */
export function answerNotFound(app: Hono<AppEnv>) {
  return async (c: AppContext): Promise<Response> => {
    await enforceLimits(c, [anonymousLimit(c)]);
    const allowed = methods.filter((method) => answers(app, method, c.req.path));
    if (allowed.length === 0) throw new AppError('not_found', 'There is nothing at this address.');
    const allow = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
    throw new AppError('method_not_allowed', `This address answers ${allow.join(', ')}.`, {
      headers: { Allow: allow.join(', ') },
    });
  };
}

function answers(app: Hono<AppEnv>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}
