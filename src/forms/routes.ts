import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { isCurrent, readIfMatch, writeETag } from '../http/etag.ts';
import { by, guard } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import type { AnswerOnce } from '../idempotency/answer-once.ts';
import { changeForm } from './change-form.ts';
import {
  formChangesBody,
  formFilter,
  newFormBody,
  replaceAddressBody,
  type FormJson,
} from './contract.ts';
import { createForm } from './create-form.ts';
import { deleteForm } from './delete-form.ts';
import { readForm } from './read-form.ts';
import { listForms } from './list-forms.ts';
import { presentForm, presentListedForm } from './present-form.ts';
import type { FormWithAddress } from './queries.ts';
import { replaceAddress } from './replace-address.ts';
import { requireProvided } from './require-provided.ts';

const mayRead = guard({ scope: 'forms:read' });
const mayWrite = guard({ scope: 'forms:write' });

const listQuery = z.extend(formFilter, pageQuery.shape);

/** `/v1/forms`: create, list, read, change, give a new address, delete. */
export const formRoutes = new Hono<AppEnv>()
  .post('/', mayWrite, async (c) => {
    const { text, value } = await readJson(c, newFormBody);
    requireProvided(c.var.deps, value);
    const tokens = await readIdempotencyTokens(c, text);
    return answerMade(c, await createForm(c.var.deps, value, by(c), tokens));
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor('forms', cursor);
    const page = await listForms(c.var.deps, filter, { after, limit });
    const present = (form: FormWithAddress) => presentListedForm(form, publicUrlOf(c));
    return answerPage(c, page, { sort: 'forms', limit, present });
  })
  .get('/:id', mayRead, async (c) => {
    const form = await readForm(c.var.deps, c.req.param('id'));
    writeETag(c, form.version);
    if (isCurrent(c, form.version)) return c.body(null, 304);
    return c.json(presentForm(form, publicUrlOf(c)));
  })
  .patch('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    const { value } = await readJson(c, formChangesBody);
    requireProvided(c.var.deps, value);
    const form = await changeForm(c.var.deps, c.req.param('id'), value, { ...by(c), known });
    writeETag(c, form.version);
    return c.json(presentForm(form, publicUrlOf(c)));
  })
  .delete('/:id', mayWrite, async (c) => {
    await deleteForm(c.var.deps, c.req.param('id'), { ...by(c), known: readIfMatch(c) });
    return c.body(null, 204);
  })
  .post('/:id/address', mayWrite, async (c) => {
    const { text, value } = await readJson(c, replaceAddressBody);
    const tokens = await readIdempotencyTokens(c, text);
    const id = c.req.param('id');
    return answerMade(
      c,
      await replaceAddress(c.var.deps, id, { keepHours: value.keep_hours, tokens }, by(c)),
    );
  });

function publicUrlOf(c: AppContext): string {
  return c.var.deps.config.publicUrl;
}

/** Answers a form that was made, or got an address. */
function answerMade(c: AppContext, { answer, replayed }: AnswerOnce): Response {
  const form = answer.body as FormJson;
  markReplayed(c, replayed);
  writeETag(c, form.version);
  c.header('Location', `/v1/forms/${form.id}`);
  return c.json(form, answer.status);
}
