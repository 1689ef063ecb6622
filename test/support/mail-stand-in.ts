import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type HttpServer } from '../../dev/http-server.ts';
import { openInbox, type Inbox } from '../../dev/inbox.ts';
import { readText } from '../../dev/read-text.ts';

/** The key that the stand-in takes. */
export const mailKey = 're_Ab3dEf6h_Jk9mNp2qRs5tUv8wXy1zAc4E';

/** With which Resend would sign what it tells. */
export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const maxBytes = 1024 * 1024;

/** What goes wrong is written in the local part of the address: each time, or the first time only. */
const wanted = /^(fault|once)-(429|503|422|html|hang|drop|lost)\b/;

/**
 * Speaks Resend's protocol at `/emails`: see dev/inbox.ts. A mail to `fault-503@…` is answered with 503 each time, one
 * to `once-503@…` the first time; so are `429`, with `Retry-After: 2`, and `422`. `html` is a 200 of somebody else,
 * `hang` never answers, `drop` closes the connection, and `lost` does so after the mail was taken. `/seen/{address}`
 * lists what was taken for an address.
 */
export function startMailStandIn(): Promise<HttpServer> {
  const inbox = openInbox();
  const asked = new Set<string>();
  return startHttpServer(0, (request, response) => answer(inbox, asked, request, response));
}

async function answer(
  inbox: Inbox,
  asked: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, path = '', address = ''] = (request.url ?? '').split('/');
  if (path === 'seen') {
    const to = decodeURIComponent(address);
    return reply(
      response,
      200,
      inbox.mails.filter((mail) => mail.to === to),
    );
  }
  if (request.method !== 'POST' || path !== 'emails') return reply(response, 404, {});
  const body = (await readText(request, maxBytes)) ?? '';
  if (request.headers.authorization !== `Bearer ${mailKey}`) {
    return reply(response, 403, { name: 'invalid_api_key' });
  }

  const [to = ''] = (JSON.parse(body) as { to: string[] }).to;
  const [, times, fault] = wanted.exec(to) ?? [];
  const applies = times === 'fault' || !asked.has(to);
  asked.add(to);
  switch (applies ? fault : undefined) {
    case 'hang':
      return undefined;
    case 'lost':
      inbox.take(request.headers, body);
      return void response.destroy();
    case 'drop':
      return void response.destroy();
    case 'html':
      return void response.writeHead(200).end('<html>Just a moment</html>');
    case '429':
      response.setHeader('retry-after', '2');
      return reply(response, 429, { name: 'rate_limit_exceeded', message: `Not now, ${to}` });
    case '503':
      return reply(response, 503, { name: `Upstream text for ${to}` });
    case '422':
      return reply(response, 422, { name: 'validation_error', message: `Invalid: ${to}` });
    default: {
      const taken = inbox.take(request.headers, body);
      return reply(response, taken.status, taken.body);
    }
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
