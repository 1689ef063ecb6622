import { inject, type TestContext } from 'vitest';
import { startHttpServer } from '../../dev/http-server.ts';

/** Starts somebody's website: the same page at every path. Returns its origin. */
export async function startSite(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const site = await startHttpServer(0, async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(`<!doctype html><html lang="en"><title>A site</title>${body}</html>`);
  });
  onTestFinished(site.close);
  return site.url;
}

/** A form with `embed.js`: what its tag and its insides have beside the usual. */
export function formWith({ attributes = '', inside = '' } = {}): string {
  return `<form action="${inject('stack').formUrl}" method="post" data-inlet ${attributes}>
    <label>Name <input name="name"></label>
    <label>Email <input name="email" type="email"></label>
    ${inside}<button>Send</button></form>`;
}

/** The tag that loads `embed.js`. */
export function scriptTag(attributes = 'defer'): string {
  return `<script src="${inject('stack').url}/embed.js" ${attributes}></script>`;
}
