import { Hono } from 'hono/tiny';
import { readJson } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { by, guard, identityOf } from '../http/guard.ts';
import { readIdempotencyTokens } from '../http/idempotency.ts';
import { answerPage, decodeCursor, pageQuery } from '../http/page.ts';
import { readQuery } from '../http/query.ts';
import { issueKeyBody, verifyKeyBody } from './contract.ts';
import { issueKey } from './issue-key.ts';
import { listKeys } from './list-keys.ts';
import { presentKey } from './present-key.ts';
import { readKey } from './read-key.ts';
import { revokeKey } from './revoke-key.ts';
import { verifyKey } from './verify-key.ts';

const mayRead = guard({ scope: 'keys:read', strict: true });
const mayWrite = guard({ scope: 'keys:write', strict: true });

/** `/v1/keys`: issue, list, verify, revoke. */
export const keyRoutes = new Hono<AppEnv>()
  .post('/', mayWrite, async (c) => {
    const { text, value } = await readJson(c, issueKeyBody);
    const issuer = { ...by(c), scopes: identityOf(c).scopes };
    const tokens = await readIdempotencyTokens(c, text);
    const { key, plaintext } = await issueKey(c.var.deps, value, issuer, tokens);
    c.header('Location', `/v1/keys/${key.id}`);
    return c.json({ ...presentKey(key), key: plaintext }, 201);
  })
  .get('/', mayRead, async (c) => {
    const { limit, cursor } = readQuery(c, pageQuery);
    const page = await listKeys(c.var.deps, { after: decodeCursor('keys', cursor), limit });
    return answerPage(c, page, { sort: 'keys', limit, present: presentKey });
  })
  .post('/verify', mayRead, async (c) => {
    const { value } = await readJson(c, verifyKeyBody);
    const outcome = await verifyKey(c.var.deps, value.key);
    if ('refused' in outcome)
      return c.json({ valid: false, reason: outcome.refused, id: outcome.keyId });
    const { id, kind, scopes, origins, form } = outcome.identity;
    return c.json({ valid: true, id, kind, scopes, origins, form_id: form?.id ?? null });
  })
  .get('/:id', mayRead, async (c) => {
    return c.json(presentKey(await readKey(c.var.deps, c.req.param('id'))));
  })
  .delete('/:id', mayWrite, async (c) => {
    await revokeKey(c.var.deps, c.req.param('id'), by(c));
    return c.body(null, 204);
  });
