import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readCommand, readCommands, refusal } from './commands.ts';
import { toResult } from './replies.ts';
import { StoreUnreachable } from './store.ts';
import type { Command, Reply, Store } from './store.ts';

/** An HTTP answer; the body goes out as JSON. */
export type Answer = { status: number; body: unknown };

const maxBodyBytes = 1024 * 1024;

/** Answers one request as Upstash's REST API would. `store` is null while the backend starts. */
export async function answer(
  request: IncomingMessage,
  token: string,
  store: Store | null,
): Promise<Answer> {
  if (!isAuthorized(request.headers.authorization, token)) return failure(401, 'Unauthorized');
  const endpoint = endpoints.get(request.url?.split('?')[0] ?? '/');
  if (!endpoint) return failure(404, 'ERR this stand-in knows only /, /pipeline and /multi-exec');
  if (request.method !== 'POST') return failure(405, 'ERR this stand-in takes only POST');

  const body = await readBody(request);
  if (body === null)
    return failure(413, `ERR max request size exceeded. Limit: ${maxBodyBytes} bytes`);
  const base64 = request.headers['upstash-encoding'] === 'base64';
  try {
    if (store === null) throw new StoreUnreachable();
    return await endpoint(parseJson(body), store, base64);
  } catch (error) {
    if (error instanceof StoreUnreachable) return failure(500, 'ERR Redis is unreachable');
    throw error;
  }
}

type Endpoint = (body: unknown, store: Store, base64: boolean) => Promise<Answer>;

const endpoints = new Map<string, Endpoint>([
  ['/', single],
  ['/pipeline', pipeline],
  ['/multi-exec', multiExec],
]);

async function single(body: unknown, store: Store, base64: boolean): Promise<Answer> {
  const command = readCommand(body);
  if (!command) return failure(400, 'ERR the body must be one command as a JSON array');
  const result = toResult(await run(command, store), base64);
  return { status: 'error' in result ? 400 : 200, body: result };
}

async function pipeline(body: unknown, store: Store, base64: boolean): Promise<Answer> {
  const commands = readCommands(body);
  if (!commands) return failure(400, 'ERR the body must be a JSON array of commands');
  const replies = await Promise.all(commands.map((command) => run(command, store)));
  return { status: 200, body: replies.map((reply) => toResult(reply, base64)) };
}

async function multiExec(body: unknown, store: Store, base64: boolean): Promise<Answer> {
  const commands = readCommands(body);
  if (!commands) return failure(400, 'ERR the body must be a JSON array of commands');
  const refused = commands.map(refusal).find((error) => error !== null);
  const replies = refused ?? (await store.transaction(commands));
  if (replies instanceof Error) return failure(400, replies.message);
  return { status: 200, body: replies.map((reply) => toResult(reply, base64)) };
}

async function run(command: Command, store: Store): Promise<Reply> {
  return refusal(command) ?? store.run(command);
}

/** An error answer in Upstash's shape. */
export function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

function isAuthorized(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(sha256(given), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The whole body, or null when it is too big: the rest is then read but not kept, so that the client hears the answer. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size <= maxBodyBytes ? Buffer.concat(chunks).toString() : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
