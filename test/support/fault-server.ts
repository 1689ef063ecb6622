import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpServer, type HttpServer } from '../../dev/http-server.ts';

type Received = { path: string; body: string };

/**
 * A server that stands between the Worker and what it depends on, and misbehaves as its path says.
 * `/<target>/<fault>/<id>/<rest>` passes the rest on to the target (`database` or `redis`) with a fault. The id is
 * the test's own, so that no test sees another's requests; `/seen/<id>` lists the bodies that came with it.
 *
 * Faults: `none`; `hang` never answers; `drop` closes the connection; `lost-answer` lets the target act, once, and
 * closes the connection; `status-<n>`; `html`; `truncated`; `body-<base64url>` answers 200 with that JSON;
 * `error-<code>` answers as libSQL does when a statement fails. With `once-` before it, a fault hits the first such
 * request only; with `write-` before that, transactions alone, and with `later-` the pages of a list after its first.
 * The target `sink` takes anything with 200.
 */
export function startFaultServer(targets: {
  databaseUrl: string;
  redisUrl: string;
}): Promise<HttpServer> {
  const seen = new Map<string, Received[]>();
  return startHttpServer(0, (request, response) => answer(targets, seen, request, response));
}

async function answer(
  targets: { databaseUrl: string; redisUrl: string },
  seen: Map<string, Received[]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, target = '', asked = '', id = '', ...rest] = (request.url ?? '').split('/');
  if (target === 'seen') {
    reply(response, 200, JSON.stringify(seen.get(asked) ?? []));
    return;
  }
  const body = await readBody(request);
  const hit =
    (!asked.startsWith('write-') || body.includes('BEGIN')) &&
    (!asked.startsWith('later-') || body.includes('< (?'));
  const earlier = seen.get(id) ?? [];
  if (hit) seen.set(id, [...earlier, { path: rest.join('/'), body }]);
  const first = earlier.length === 0;
  const wanted = hit ? asked.replace(/^(write|later)-/, '') : 'none';
  const fault = wanted.startsWith('once-') && !first ? 'none' : wanted.replace(/^once-/, '');

  if (fault === 'hang') return undefined;
  if (target === 'sink') return reply(response, 200, '{}');
  if (fault === 'drop') return void response.destroy();
  if (fault === 'html') return reply(response, 200, '<html>Bad gateway</html>', 'text/html');
  if (fault === 'truncated') return reply(response, 200, '{"results":[{"type":');
  if (fault.startsWith('status-'))
    return reply(response, Number(fault.slice(7)), '{"error":"upstream text"}');
  if (fault.startsWith('body-')) return reply(response, 200, decode(fault.slice(5)));
  if (fault.startsWith('error-')) return reply(response, 200, failedPipeline(body, fault.slice(6)));

  const base = target === 'database' ? targets.databaseUrl : targets.redisUrl;
  const upstream = await fetch(`${base}/${rest.join('/')}`, {
    method: request.method ?? 'GET',
    headers: forwardable(request),
    ...(request.method === 'GET' ? {} : { body }),
  });
  const text = await upstream.text();
  if (fault === 'lost-answer' && first) return void response.destroy();
  return reply(response, upstream.status, text);
}

/** The answer to a Hrana pipeline in which each request failed: one result for each. */
function failedPipeline(body: string, code: string): string {
  const { requests } = JSON.parse(body) as { requests: unknown[] };
  const error = { message: `upstream text about ${code}`, code };
  const results = requests.map(() => ({ type: 'error', error }));
  return JSON.stringify({ baton: null, base_url: null, results });
}

function forwardable(request: IncomingMessage): Record<string, string> {
  const names = ['authorization', 'content-type', 'upstash-encoding'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}
