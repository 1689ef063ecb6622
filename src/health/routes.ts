import { Hono } from 'hono/tiny';
import type { AppEnv } from '../http/context.ts';
import { checkHealth } from './check-health.ts';

/** `/health` asks what the service depends on; `/health/live` only whether it runs. GET and HEAD. */
export const healthRoutes = new Hono<AppEnv>()
  .get('/health', async (c) => {
    const health = await checkHealth(c.var.deps);
    if (health.status !== 'down') return c.json(health);
    return c.json(health, 503, { 'Retry-After': '5' });
  })
  .get('/health/live', (c) => c.json({ status: 'ok', version: c.var.deps.config.versionId }));
