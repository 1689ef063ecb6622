import { Hono } from 'hono';
import { readJson } from '../http/body.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { readIfMatch, writeETag } from '../http/etag.ts';
import { guard, identityOf } from '../http/guard.ts';
import { markReplayed, readIdempotencyToken } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/validate.ts';
import { changeForm, replaceAddress } from './change-form.ts';
import { formChangesBody, newFormBody, replaceAddressBody } from './contract.ts';
import { createForm, type By } from './create-form.ts';
import { readForm } from './find-form.ts';
import { listForms } from './list-forms.ts';
import { presentForm } from './present-form.ts';
import type { FormWithAddress } from './queries.ts';

const mayRead = guard({ scope: 'forms:read' });
const mayWrite = guard({ scope: 'forms:write' });

/** `/v1/forms`: create, list, read, change, give a new address. */
export const formRoutes = new Hono<AppEnv>()
  .post('/', mayWrite, async (c) => {
    const { text, value } = await readJson(c, newFormBody);
    const token = await readIdempotencyToken(c, text);
    const { answer, replayed } = await createForm(c.var.deps, value, by(c), token);
    markReplayed(c, replayed);
    writeETag(c, 1);
    c.header('Location', `/v1/forms/${answer.resourceId}`);
    return c.json(answer.body, answer.status);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const page = await listForms(c.var.deps, { after: decodeCursor('forms', cursor), limit });
    const present = (form: FormWithAddress) => presentForm(form, c.var.deps.config.publicUrl);
    return answerPage(c, page, { sort: 'forms', limit, present });
  })
  .get('/:id', mayRead, async (c) => answerForm(c, await readForm(c.var.deps, c.req.param('id'))))
  .patch('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    const { value } = await readJson(c, formChangesBody);
    const form = await changeForm(c.var.deps, c.req.param('id'), value, { ...by(c), known });
    return answerForm(c, form);
  })
  .post('/:id/address', mayWrite, async (c) => {
    const { value } = await readJson(c, replaceAddressBody);
    const id = c.req.param('id');
    return answerForm(c, await replaceAddress(c.var.deps, id, value.keep_hours, by(c)));
  });

function by(c: AppContext): By {
  return { actor: identityOf(c).id, requestId: c.var.requestId };
}

function answerForm(c: AppContext, form: FormWithAddress): Response {
  writeETag(c, form.version);
  return c.json(presentForm(form, c.var.deps.config.publicUrl));
}
