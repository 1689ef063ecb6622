import { env } from 'cloudflare:workers';
import type { Hono } from 'hono';
import { createApp } from '../../src/app.ts';
import { createDepsFactory } from '../../src/deps.ts';
import { parseEnv } from '../../src/env.ts';
import type { AppEnv } from '../../src/http/context.ts';
import { accessOf, isMiddleware, type Access } from '../../src/http/guard.ts';

/** A method and path that the app answers, and what its guard demands. */
export type Route = { method: string; path: string; access: Access | undefined };

/** The app, wired as the Worker wires it. */
export function buildApp(): Hono<AppEnv> {
  return createApp(createDepsFactory(parseEnv(env)));
}

/** Every route of an app. Declared middleware is no route; a handler for a whole branch is. */
export function listRoutes(app: Hono<AppEnv>): Route[] {
  const routes = new Map<string, Route>();
  for (const { method, path, handler } of app.routes) {
    if (isMiddleware({ handler })) continue;
    const name = `${method} ${path}`;
    routes.set(name, { method, path, access: routes.get(name)?.access ?? accessOf(handler) });
  }
  return [...routes.values()];
}
