import { Hono } from 'hono';
import type { AppEnv } from '../../http/context.ts';
import { takeEntry } from './take-entry.ts';

/** Where website forms post to, under the addresses that other form services have. */
export const intakeRoutes = new Hono<AppEnv>()
  .post('/f/:address', (c) => takeEntry(c, c.req.param('address')))
  .post('/p/:project/f/:address', (c) => takeEntry(c, c.req.param('address')))
  .post('/s/:address', (c) => takeEntry(c, c.req.param('address')))
  .post('/submit/:address', (c) => takeEntry(c, c.req.param('address')));
