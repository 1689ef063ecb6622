import { Hono } from 'hono/tiny';
import type { AppEnv } from '../http/context.ts';
import { isCurrent, writeETag } from '../http/etag.ts';
import { guard } from '../http/guard.ts';
import { attachmentNamed } from '../lib/attachment.ts';
import { readBytes, readFile } from './read-file.ts';

/** `/v1/files/{id}`: the bytes of a file, for a machine that saves them. No browser shows or runs them. */
export const fileRoutes = new Hono<AppEnv>().get(
  '/:id',
  guard({ scope: 'files:read' }),
  async (c) => {
    const { deps } = c.var;
    const file = await readFile(deps, c.req.param('id'));
    writeETag(c, file.id);
    if (isCurrent(c, file.id)) return c.body(null, 304);
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Length', String(file.bytes));
    c.header('Content-Disposition', attachmentNamed(file.filename));
    c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
    return c.req.method === 'HEAD' ? c.body(null) : c.body(await readBytes(deps, file));
  },
);
