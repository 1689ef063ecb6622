import { Hono } from 'hono';
import type { Deps } from '../../src/deps.ts';
import { AppError } from '../../src/errors.ts';
import type { AppContext, AppEnv } from '../../src/http/context.ts';
import { problem } from '../../src/http/problem.ts';

/** An app of one route, to test what reads a request on real ones. Only an AppError becomes an answer. */
export function tinyApp(handle: (c: AppContext) => Response | Promise<Response>): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => {
    if (error instanceof AppError) return problem(c, error);
    throw error;
  });
  app.use(async (c, next) => {
    // All that a body's reader asks of them.
    c.set('deps', { now: Date.now, deadline: { at: Infinity } } as unknown as Deps);
    await next();
  });
  app.all('/', handle);
  return app;
}

/** What of a problem document the tests look at. */
export type Problem = {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; code: string; message: string }[];
};
