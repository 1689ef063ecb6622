import { Hono } from 'hono/tiny';
import type { Deps } from '../deps.ts';
import { readJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { by, guard } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { subjectBody } from './contract.ts';
import { eraseSubject } from './erase-subject.ts';
import { exportSubject } from './export-subject.ts';
import { listErasures } from './list-erasures.ts';
import { presentErasure } from './present-erasure.ts';

const mayRead = guard({ scope: 'subjects:read' });
const mayWrite = guard({ scope: 'subjects:write' });

/** Rows of each kind in an export: what an isolate has room for, at 32 KiB for each. */
const mostOfAKind = 1_000;

/** Milliseconds that the search of all texts may take: nobody sees a page load meanwhile. */
const searchWithinMs = 20_000;

/** `/v1/subjects`: what is kept of a person, its erasure, and the receipts. The address is in the body alone. */
export const subjectRoutes = new Hono<AppEnv>()
  .post('/export', mayRead, async (c) => {
    const { value } = await readJson(c, subjectBody);
    const deps = allowSearch(c.var.deps);
    const subject = await exportSubject(deps, value.email, by(c), mostOfAKind);
    c.header('Content-Disposition', 'attachment; filename="subject.json"');
    return c.json(subject);
  })
  .post('/erase', mayWrite, async (c) => {
    const { text, value } = await readJson(c, subjectBody);
    const deps = allowSearch(c.var.deps);
    const tokens = await readIdempotencyTokens(c, text);
    const { answer, replayed } = await eraseSubject(deps, value.email, by(c), tokens);
    markReplayed(c, replayed);
    return c.json(answer.body);
  })
  .get('/erasures', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const after = decodeCursor('erasures', cursor);
    const page = await listErasures(c.var.deps, { after, limit });
    return answerPage(c, page, { sort: 'erasures', limit, present: presentErasure });
  });

function allowSearch(deps: Deps): Deps {
  deps.deadline.at = deps.now() + searchWithinMs;
  return deps;
}
