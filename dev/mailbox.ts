import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type HttpServer } from './http-server.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { mailboxPage } from './mailbox-page.ts';
import { readText } from './read-text.ts';

const maxBytes = 1024 * 1024;

/** Nothing of a mail runs, is loaded from elsewhere, or acts as a page of this mailbox. Its links work. */
const forMails = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const forOurPage = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * Where mail of the local stack ends up: takes it as Resend does (`POST /emails`) and shows it at `/`, newest first,
 * and as JSON at `/emails` and `/emails/{id}`, where a browser sees the mail's HTML. Nothing leaves this machine.
 */
export function startMailbox({ port }: { port: number }): Promise<HttpServer> {
  const inbox = openInbox();
  return startHttpServer(port, (request, response) => answer(inbox, request, response));
}

async function answer(
  inbox: Inbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://mailbox');
  const asked = `${request.method} ${pathname}`;
  if (asked === 'POST /emails') {
    // One that is too long counts as one that holds nothing.
    const { status, body } = inbox.take(request.headers, (await readText(request, maxBytes)) ?? '');
    reply(response, status, body);
  } else if (asked === 'GET /emails') {
    reply(response, 200, { data: inbox.mails });
  } else if (asked === 'GET /') {
    show(response, mailboxPage(inbox.mails), forOurPage);
  } else {
    const mail = inbox.mails.find(({ id }) => asked === `GET /emails/${id}`);
    if (mail === undefined) reply(response, 404, { name: 'not_found', message: 'Not here.' });
    else if (request.headers.accept?.includes('text/html')) show(response, mail.html, forMails);
    else reply(response, 200, mail);
  }
}

function show(response: ServerResponse, html: string, policy: string): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    vary: 'accept',
  };
  response.writeHead(200, headers).end(html);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
