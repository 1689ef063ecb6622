import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import { circumstancesOf } from '../http/circumstances.ts';
import type { AppContext, AppEnv } from '../http/context.ts';
import { readIfMatch, writeETag } from '../http/etag.ts';
import { by, guard, identityOf } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { formatQuery, streamRows, wantedFormat } from '../http/stream-rows.ts';
import { newSubscriberBody, subscribeBody } from '../newsletter/contract.ts';
import { subscribe } from '../newsletter/subscribe.ts';
import { listSuppressionsOf } from '../suppressions/list-suppressions-of.ts';
import { changeSubscriber } from './change-subscriber.ts';
import { subscriberChangesBody, subscriberFilter, unsubscribeBody } from './contract.ts';
import { deleteSubscriber } from './delete-subscriber.ts';
import { listConsents } from './list-consents.ts';
import { exportSubscribers } from './export-subscribers.ts';
import { listSubscribers } from './list-subscribers.ts';
import { presentConsent, presentSubscriber } from './present-subscriber.ts';
import type { Subscriber } from './queries.ts';
import { readSubscriber } from './read-subscriber.ts';
import { unsubscribeSubscriber } from './unsubscribe-subscriber.ts';

const maySubscribe = guard({ scope: 'subscribers:write', publishable: true });
const mayRead = guard({ scope: 'subscribers:read' });
const mayWrite = guard({ scope: 'subscribers:write' });

const listQuery = z.extend(subscriberFilter, pageQuery.shape);
const exportQuery = z.extend(subscriberFilter, formatQuery.shape);

/** `/v1/subscribers`: sign up, list, export, read, change, unsubscribe, delete, ledger. */
export const subscriberRoutes = new Hono<AppEnv>()
  .post('/', maySubscribe, async (c) => {
    const { deps } = c.var;
    const identity = identityOf(c);
    const byStranger = identity.kind === 'publishable';
    const contract = byStranger ? subscribeBody : newSubscriberBody;
    const { text, json, value } = await readJson(c, contract);
    // A key signs people up to the list of its form, where that has one.
    const ownList = json['list_id'] === undefined ? identity.form?.listId : null;
    const { answer, replayed } = await subscribe(deps, {
      body: { ...value, list_id: ownList ?? value.list_id },
      formId: identity.form?.id ?? null,
      actor: identity.id,
      byStranger,
      circumstances: circumstancesOf(c),
      tokens: await readIdempotencyTokens(c, text),
    });
    markReplayed(c, replayed);
    return c.json(answer.body, answer.status);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor, ...filter } = readQuery(c, listQuery);
    const after = decodeCursor('subscribers', cursor);
    const page = await listSubscribers(c.var.deps, filter, { after, limit });
    return answerPage(c, page, { sort: 'subscribers', limit, present: presentSubscriber });
  })
  .get('/export', mayRead, async (c) => {
    const { format: asked, ...filter } = readQuery(c, exportQuery);
    const format = wantedFormat(c, asked);
    const pieces = exportSubscribers(c.var.deps, { format, filter, by: by(c) });
    return streamRows(c, { name: 'subscribers', format, pieces });
  })
  .get('/:id', mayRead, async (c) => {
    const subscriber = await readSubscriber(c.var.deps, c.req.param('id'));
    return answerWhole(c, subscriber);
  })
  .patch('/:id', mayWrite, async (c) => {
    const known = readIfMatch(c);
    const { value } = await readJson(c, subscriberChangesBody);
    const id = c.req.param('id');
    return answerWhole(c, await changeSubscriber(c.var.deps, id, value, { ...by(c), known }));
  })
  .delete('/:id', mayWrite, async (c) => {
    await deleteSubscriber(c.var.deps, c.req.param('id'), { ...by(c), known: readIfMatch(c) });
    return c.body(null, 204);
  })
  .post('/:id/unsubscribe', mayWrite, async (c) => {
    const { list_id: listId = null } =
      c.req.raw.body === null ? {} : (await readJson(c, unsubscribeBody)).value;
    const id = c.req.param('id');
    return answerWhole(c, await unsubscribeSubscriber(c.var.deps, id, listId, by(c)));
  })
  .get('/:id/consents', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const after = decodeCursor('consents', cursor);
    const page = await listConsents(c.var.deps, c.req.param('id'), { after, limit });
    return answerPage(c, page, { sort: 'consents', limit, present: presentConsent });
  });

/**
 * Answers one subscriber, with all that keeps them from being written to. The ETag is of what PATCH changes: states and
 * suppressions come and go without it, so that nobody is told that there is nothing new.
 */
async function answerWhole(c: AppContext, subscriber: Subscriber): Promise<Response> {
  const email = { address: subscriber.email, key: subscriber.emailKey };
  const suppressions = await listSuppressionsOf(c.var.deps, email);
  writeETag(c, subscriber.version);
  return c.json({ ...presentSubscriber(subscriber), suppressions });
}
