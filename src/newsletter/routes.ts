import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { readJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { guard, identityOf } from '../http/guard.ts';
import { markReplayed, readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { circumstancesOf } from '../http/circumstances.ts';
import { subscribeBody, subscriberFilter } from './contract.ts';
import { listSubscribers } from './list-subscribers.ts';
import { presentSubscriber } from './present-subscriber.ts';
import { readSubscriber } from './read-subscriber.ts';
import { subscribe } from './subscribe.ts';

const maySubscribe = guard({ scope: 'subscribers:write', publishable: true });
const mayRead = guard({ scope: 'subscribers:read' });

const listQuery = z.extend(subscriberFilter, pageQuery.shape);

/** `/v1/subscribers`: sign up, list, read. */
export const subscriberRoutes = new Hono<AppEnv>()
  .post('/', maySubscribe, async (c) => {
    const { deps } = c.var;
    const identity = identityOf(c);
    const { text, value } = await readJson(c, subscribeBody);
    const { answer, replayed } = await subscribe(deps, {
      body: value,
      formId: identity.form?.id ?? null,
      actor: identity.id,
      byStranger: identity.kind === 'publishable',
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
  .get('/:id', mayRead, async (c) => {
    return c.json(presentSubscriber(await readSubscriber(c.var.deps, c.req.param('id'))));
  });
