import { readFile } from 'node:fs/promises';
import { startHttpServer, type HttpServer } from './http-server.ts';

const files = {
  '/': { name: 'page.html', type: 'text/html; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
} as const;

/** Where the demo page finds the rest of the stack. */
type Links = { formUrl: string; newsletterFormUrl: string; mailboxUrl: string };

/**
 * A website with forms that post to the stack: plain, enhanced, with a file, and one for sign-ups. It has an origin of its own and
 * the strict CSP that `docs/forms.md` asks of a site, so that it works only if the forms do on any other site.
 */
export function startDemoPage(options: { port: number } & Links): Promise<HttpServer> {
  return startHttpServer(options.port, async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://demo');
    if (request.method !== 'GET' || !isFile(pathname)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not here.\n');
      return;
    }
    const { name, type } = files[pathname];
    // Read each time, so that a change is seen after a reload.
    const text = await readFile(new URL(`demo-page/${name}`, import.meta.url), 'utf8');
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(options),
    });
    response.end(fillIn(text, options));
  });
}

function isFile(path: string): path is keyof typeof files {
  return Object.hasOwn(files, path);
}

function contentSecurityPolicy({ formUrl }: Links): string {
  const { origin } = new URL(formUrl);
  return [
    "default-src 'none'",
    "style-src 'self'",
    'img-src data:',
    `script-src ${origin}`,
    `connect-src ${origin}`,
    `form-action ${origin}`,
    "base-uri 'none'",
  ].join('; ');
}

function fillIn(text: string, { formUrl, newsletterFormUrl, mailboxUrl }: Links): string {
  const values = { formUrl, newsletterFormUrl, mailboxUrl, origin: new URL(formUrl).origin };
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`{{${name}}}`, value),
    text,
  );
}
