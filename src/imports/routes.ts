import { Hono } from 'hono/tiny';
import { AppError } from '../errors.ts';
import { readJson, readLargeJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { by, guard } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { mebibyte } from '../lib/units.ts';
import { newImportBody, rowsBody } from './contract.ts';
import { createImport } from './create-import.ts';
import { finishImport } from './finish-import.ts';
import { listImports } from './list-imports.ts';
import { presentImport } from './present-import.ts';
import { readImport } from './read-import.ts';
import { foretellRows, takeRows } from './take-rows.ts';

const mayRead = guard({ scope: 'subscribers:read' });
const mayWrite = guard({ scope: 'subscribers:write' });

/** `/v1/imports`: begin or go on, take rows, end, list, read. */
export const importRoutes = new Hono<AppEnv>()
  .post('/', mayWrite, async (c) => {
    const { text, value } = await readJson(c, newImportBody);
    const tokens = await readIdempotencyTokens(c, text);
    const { answer, replayed } = await createImport(c.var.deps, value, by(c).actor, tokens);
    markReplayed(c, replayed);
    c.header('Location', `/v1/imports/${answer.resourceId}`);
    return c.json(answer.body, answer.status);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const after = decodeCursor('imports', cursor);
    const page = await listImports(c.var.deps, { after, limit });
    return answerPage(c, page, { sort: 'imports', limit, present: presentImport });
  })
  .get('/:id', mayRead, async (c) =>
    c.json(presentImport(await readImport(c.var.deps, c.req.param('id')))),
  )
  .post('/:id/rows', mayWrite, async (c) => {
    const { deps } = c.var;
    const { dry_run: isDry, ...rows } = await readLargeJson(c, rowsBody, mebibyte / 4);
    const id = c.req.param('id');
    if (!isDry) {
      const { row, errors } = await takeRows(deps, id, rows, by(c)).catch(adviseFewer);
      return c.json({ ...presentImport(row), errors });
    }
    const row = await readImport(deps, id);
    const { counts, errors } = await foretellRows(deps, row, rows);
    return c.json({ ...presentImport(row), dry_run: counts, errors });
  })
  .post('/:id/finish', mayWrite, async (c) =>
    c.json(presentImport(await finishImport(c.var.deps, c.req.param('id'), by(c)))),
  );

/** Throws what kept rows from being taken, with advice where they may have taken the database too long. */
function adviseFewer(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
  const advice = 'Send fewer rows if it happens again.';
  throw new AppError('unavailable', `${error.message} ${advice}`, {
    retryAfter: error.retryAfter ?? 5,
    reason: error.reason ?? 'unknown',
  });
}
