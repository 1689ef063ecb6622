import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { by, guard } from '../http/guard.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { blockAddress } from './block-address.ts';
import { liftQuery, newSuppressionBody, suppressionFilter } from './contract.ts';
import { liftSuppression } from './lift-suppression.ts';
import { listSuppressions } from './list-suppressions.ts';
import { presentSuppression } from './present-suppression.ts';

const mayRead = guard({ scope: 'subscribers:read' });
const mayWrite = guard({ scope: 'subscribers:write' });

const listQuery = z.extend(suppressionFilter, pageQuery.shape);

/** `/v1/suppressions`: who is not written to. */
export const suppressionRoutes = new Hono<AppEnv>()
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor('suppressions', cursor);
    const page = await listSuppressions(c.var.deps, filter, { after, limit });
    return answerPage(c, page, { sort: 'suppressions', limit, present: presentSuppression });
  })
  .post('/', mayWrite, async (c) => {
    const { value } = await readJson(c, newSuppressionBody);
    const { suppression, isNew } = await blockAddress(c.var.deps, value, by(c));
    return c.json(presentSuppression(suppression), isNew ? 201 : 200);
  })
  .delete('/', mayWrite, async (c) => {
    await liftSuppression(c.var.deps, readQuery(c, liftQuery), by(c));
    return c.body(null, 204);
  });
