import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import type { AppEnv } from '../http/context.ts';
import { readJson } from '../http/body.ts';
import { by, guard } from '../http/guard.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { outboxFilter, retryBody } from './contract.ts';
import { dropRow } from './drop-row.ts';
import { listOutbox } from './list-outbox.ts';
import { presentRow } from './present-row.ts';
import { readRow } from './read-row.ts';
import { retryDead, retryRow } from './retry-row.ts';

const mayRead = guard({ scope: 'outbox:read' });
const mayWrite = guard({ scope: 'outbox:write' });

const listQuery = z.extend(outboxFilter, pageQuery.shape);

/** `/v1/outbox`: list and read what is sent, try it again, drop it. */
export const outboxRoutes = new Hono<AppEnv>()
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const page = await listOutbox(c.var.deps, filter, {
      after: decodeCursor('outbox', cursor),
      limit,
    });
    return answerPage(c, page, { sort: 'outbox', limit, present: presentRow });
  })
  .get('/:id', mayRead, async (c) =>
    c.json(presentRow(await readRow(c.var.deps, c.req.param('id')))),
  )
  .post('/retry', mayWrite, async (c) => {
    const { deps } = c.var;
    const { reason } = (await readJson(c, retryBody)).value;
    const count = await retryDead(deps, reason, by(c));
    deps.wakeOutbox();
    return c.json({ count }, 202);
  })
  .post('/:id/retry', mayWrite, async (c) => {
    const { deps } = c.var;
    const id = c.req.param('id');
    await retryRow(deps, id, by(c));
    deps.wakeOutbox();
    return c.json(presentRow(await readRow(deps, id)), 202);
  })
  .delete('/:id', mayWrite, async (c) => {
    await dropRow(c.var.deps, c.req.param('id'), by(c));
    return c.body(null, 204);
  });
