import { Hono } from 'hono/tiny';
import { AppError } from '../errors.ts';
import { logSecurity } from '../http/access-log.ts';
import { parseJson, readBytes, toText } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { anonymousLimit, authFailureLimit, enforceLimits } from '../http/limits.ts';
import { verifyWebhook } from '../lib/standard-webhooks.ts';
import { outsideDeadline } from '../platform/deadline.ts';
import { takeEvent } from './take-event.ts';

const maxBytes = 256 * 1024;

/** `/in/mail/…`: what providers tell of mails that we have sent. Their signature is what lets in. */
export const mailEventRoutes = new Hono<AppEnv>().post('/resend', async (c) => {
  const { deps, requestId } = c.var;
  const secret = deps.config.resendWebhookSecret;
  if (secret === null) {
    await enforceLimits(c, [anonymousLimit(c)]);
    throw new AppError('not_found', 'Nothing is taken here: RESEND_WEBHOOK_SECRET is not set.');
  }
  const body = await outsideDeadline(deps, () => readBytes(c.req.raw, maxBytes));
  const verified = await verifyWebhook(secret, c.req.raw.headers, body, deps.now());
  if ('refused' in verified) {
    logSecurity(c, { event: 'signature_refused', reason: verified.refused });
    await enforceLimits(c, [authFailureLimit(c)]);
    throw new AppError(
      'invalid_signature',
      'The signature is missing or wrong, or more than five minutes from now.',
    );
  }
  const event = { id: verified.id, json: parseJson(toText(body)), requestId };
  return c.json({ outcome: await takeEvent(deps, event) });
});
