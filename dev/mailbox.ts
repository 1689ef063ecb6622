import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type HttpServer } from './http-server.ts';

type Mail = { id: string; at: string; to: string; subject: string; text: string };

const maxBytes = 1024 * 1024;
const maxMails = 500;

/**
 * Where mail of the local stack ends up: takes it as Resend does (`POST /emails`, https://resend.com/docs/api-reference/emails/send-email) and shows it at
 * `/`, newest first, and as JSON at `/emails`. Nothing leaves this machine.
 */
export function startMailbox({ port }: { port: number }): Promise<HttpServer> {
  const mails: Mail[] = [];
  return startHttpServer(port, (request, response) => answer(mails, request, response));
}

async function answer(
  mails: Mail[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://mailbox');
  if (request.method === 'POST' && pathname === '/emails') {
    const mail = readMail(await readText(request));
    if (mail === null) {
      reply(response, 422, {
        name: 'validation_error',
        message: 'Missing `to`, `from` or `subject`.',
      });
      return;
    }
    mails.unshift(mail);
    mails.length = Math.min(mails.length, maxMails);
    reply(response, 200, { id: mail.id });
  } else if (request.method === 'GET' && pathname === '/emails') {
    reply(response, 200, { data: mails });
  } else if (request.method === 'GET' && pathname === '/') {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(page(mails));
  } else {
    reply(response, 404, { name: 'not_found', message: 'Not here.' });
  }
}

function readMail(body: string | null): Mail | null {
  try {
    const mail = JSON.parse(body ?? '') as Record<string, unknown>;
    const to = [mail['to']].flat().filter((address) => typeof address === 'string');
    if (
      to.length === 0 ||
      typeof mail['from'] !== 'string' ||
      typeof mail['subject'] !== 'string'
    ) {
      return null;
    }
    return {
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
      to: to.join(', '),
      subject: mail['subject'],
      text: typeof mail['text'] === 'string' ? mail['text'] : '',
    };
  } catch {
    return null;
  }
}

async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read, but not kept, so that the sender hears the answer.
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks).toString('utf8') : null;
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function page(mails: Mail[]): string {
  const list = mails.map(
    (mail) => `<article><h2>${escape(mail.subject)}</h2>
<p class="meta">to ${escape(mail.to)}, ${escape(mail.at)}</p><pre>${linked(mail.text)}</pre></article>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Mailbox</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 }
article { border: 1px solid #8886; border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
.meta { margin: 0; opacity: .75; font-size: .9rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .75rem 0 0 }
</style></head><body><main><h1>Mailbox</h1>
${list.join('\n') || '<p>No mail yet. What this stack sends is shown here and goes nowhere else.</p>'}
</main></body></html>`;
}

function linked(text: string): string {
  return escape(text).replaceAll(/https?:\/\/[^\s<&]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
