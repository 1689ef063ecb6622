import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { readIfMatch, writeETag } from '../http/etag.ts';
import { by, guard } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { changeList } from './change-list.ts';
import { listChangesBody, listFilter, newListBody, type ListJson } from './contract.ts';
import { createList } from './create-list.ts';
import { deleteList } from './delete-list.ts';
import { listLists } from './list-lists.ts';
import { presentCountedList, presentList } from './present-list.ts';
import { countPeople, readList } from './read-list.ts';

const mayRead = guard({ scope: 'lists:read' });
const mayWrite = guard({ scope: 'lists:write' });

const listQuery = z.extend(listFilter, pageQuery.shape);

/** `/v1/lists`: create, list, read, change, delete. */
export const listRoutes = new Hono<AppEnv>()
  .post('/', mayWrite, async (c) => {
    const { text, value } = await readJson(c, newListBody);
    const tokens = await readIdempotencyTokens(c, text);
    const { answer, replayed } = await createList(c.var.deps, value, by(c), tokens);
    const list = answer.body as ListJson;
    markReplayed(c, replayed);
    writeETag(c, list.version);
    c.header('Location', `/v1/lists/${list.id}`);
    return c.json(list, answer.status);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor('lists', cursor);
    const page = await listLists(c.var.deps, filter, { after, limit });
    return answerPage(c, page, { sort: 'lists', limit, present: presentList });
  })
  .get('/:id', mayRead, async (c) => {
    const { deps } = c.var;
    const id = c.req.param('id');
    const [list, counts] = await Promise.all([readList(deps, id), countPeople(deps, id)]);
    // For If-Match alone: the counts change without a new version, so that nobody is told that nothing has.
    writeETag(c, list.version);
    return c.json(presentCountedList(list, counts));
  })
  .patch('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    const { value } = await readJson(c, listChangesBody);
    const list = await changeList(c.var.deps, c.req.param('id'), value, { ...by(c), known });
    writeETag(c, list.version);
    return c.json(presentList(list));
  })
  .delete('/:id', mayWrite, async (c) => {
    await deleteList(c.var.deps, c.req.param('id'), { ...by(c), known: readIfMatch(c) });
    return c.body(null, 204);
  });
