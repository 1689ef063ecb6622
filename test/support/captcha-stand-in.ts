import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type HttpServer } from '../../dev/http-server.ts';
import { captchaSecrets, readToken, type TokenFacts } from './captcha-tokens.ts';

type Received = { provider: string; fields: Record<string, string> };

/**
 * Speaks the siteverify protocols of Turnstile, hCaptcha and reCAPTCHA at `/<provider>/siteverify`, as their pages
 * document them: urlencoded, one use of a token, Turnstile's idempotency key, each one's error codes. What a token
 * stands for, and which fault comes with it, is written in it: see captcha-tokens.ts. `/seen/<token>` lists the
 * requests for one.
 */
export function startCaptchaStandIn(): Promise<HttpServer> {
  const seen = new Map<string, Received[]>();
  /** By token: the idempotency key that it was used up with. */
  const spent = new Map<string, string>();
  return startHttpServer(0, (request, response) => answer(seen, spent, request, response));
}

async function answer(
  seen: Map<string, Received[]>,
  spent: Map<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, provider = '', path = ''] = (request.url ?? '').split('/');
  if (provider === 'seen') return reply(response, 200, seen.get(decodeURIComponent(path)) ?? []);
  if (request.method !== 'POST' || path !== 'siteverify') return reply(response, 404, {});
  const fields = await readFields(request);
  const { response: token = '' } = fields;
  const earlier = seen.get(token) ?? [];
  seen.set(token, [...earlier, { provider, fields }]);

  const facts = readToken(token);
  const wanted = facts?.fault ?? 'none';
  const fault = wanted.startsWith('once-') && earlier.length > 0 ? 'none' : wanted;
  switch (fault.replace(/^once-/, '')) {
    case 'hang':
      return undefined;
    case 'drop':
      return void response.destroy();
    case 'status':
      return reply(response, 503, { message: 'upstream text' });
    case 'html':
      return void response.writeHead(200).end('<html>Just a moment</html>');
    case 'internal-error':
      return reply(response, 200, failed('internal-error'));
    case 'lost-answer':
      judge(spent, provider, fields, facts);
      return void response.destroy();
    default:
      return reply(response, 200, judge(spent, provider, fields, facts));
  }
}

function judge(
  spent: Map<string, string>,
  provider: string,
  fields: Record<string, string>,
  facts: TokenFacts | null,
): object {
  const { secret = '', response: token = '', idempotency_key: key = '' } = fields;
  if (secret === '') return failed('missing-input-secret');
  if (secret !== captchaSecrets[provider]) return failed('invalid-input-secret');
  if (token === '') return failed('missing-input-response');
  if (key !== '' && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(key)) {
    return failed('bad-request');
  }
  if (facts === null || facts.provider !== provider) return failed('invalid-input-response');
  // https://docs.hcaptcha.com/#siteverify-error-codes-table
  const siteKey = facts.siteKey ?? 'site-key';
  if (provider === 'hcaptcha' && (fields['sitekey'] ?? siteKey) !== siteKey) {
    return failed('sitekey-secret-mismatch');
  }
  const usedWith = spent.get(token);
  const repeats = provider === 'turnstile' && key !== '' && usedWith === key;
  if (facts.expired === true || (usedWith !== undefined && !repeats)) {
    return failed(provider === 'hcaptcha' ? 'already-seen-response' : 'timeout-or-duplicate');
  }
  spent.set(token, key);
  const { hostname, action, score } = facts;
  const common = { success: true, challenge_ts: new Date().toISOString(), hostname };
  if (provider === 'hcaptcha') return { ...common, credit: false };
  if (provider === 'turnstile') {
    return { ...common, 'error-codes': [], action: action ?? '', cdata: '' };
  }
  return { ...common, ...(score === undefined ? {} : { score, action: action ?? '' }) };
}

function failed(code: string): object {
  return { success: false, 'error-codes': [code] };
}

async function readFields(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
