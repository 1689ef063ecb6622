import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { listFilesOf } from '../files/list-files-of.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { by, guard } from '../http/guard.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { submissionFilter } from './contract.ts';
import { deleteSubmission } from './delete-submission.ts';
import { listSubmissions } from './list-submissions.ts';
import { markNotSpam } from './mark-not-spam.ts';
import { markSpam } from './mark-spam.ts';
import { presentSubmission } from './present-submission.ts';
import { readSubmission } from './read-submission.ts';
import type { Submission } from './statements.ts';

const mayRead = guard({ scope: 'leads:read' });
const mayWrite = guard({ scope: 'leads:write' });

const listQuery = z.extend(submissionFilter, pageQuery.shape);

/** `/v1/submissions`: list, read, turn the verdict around, clean the spam folder up. */
export const submissionRoutes = new Hono<AppEnv>()
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor('submissions', cursor);
    const page = await listSubmissions(c.var.deps, filter, { after, limit });
    return answerPage(c, page, { sort: 'submissions', limit, present: presentSubmission });
  })
  .get('/:id', mayRead, (c) => answerSubmission(c, readSubmission(c.var.deps, c.req.param('id'))))
  .post('/:id/not-spam', mayWrite, async (c) => {
    const accepted = await markNotSpam(c.var.deps, c.req.param('id'), by(c));
    c.var.deps.wakeOutbox();
    return answerSubmission(c, Promise.resolve(accepted));
  })
  .post('/:id/spam', mayWrite, (c) =>
    answerSubmission(c, markSpam(c.var.deps, c.req.param('id'), by(c))),
  )
  .delete('/:id', mayWrite, async (c) => {
    await deleteSubmission(c.var.deps, c.req.param('id'), by(c));
    return c.body(null, 204);
  });

/** A submission with its files, which a list does not show. */
async function answerSubmission(c: AppContext, reading: Promise<Submission>): Promise<Response> {
  const files = listFilesOf(c.var.deps, c.req.param('id') ?? '');
  const [submission, ofIt] = await Promise.all([reading, files]);
  return c.json({ ...presentSubmission(submission), files: ofIt });
}
