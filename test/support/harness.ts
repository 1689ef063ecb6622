import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { inject } from 'vitest';
import { openOperatorDeps } from '../../cli/operator-deps.ts';
import { newFormBody, type NewForm } from '../../src/forms/contract.ts';
import { createForm } from '../../src/forms/create-form.ts';
import { scopes, type IssueKeyBody, type Scope } from '../../src/keys/contract.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import worker from '../../src/worker.ts';
import { rememberAsPersonal } from './people.ts';

export const origin = 'http://localhost';

/** What tests work with when they prepare data without going through HTTP. */
export const operator = openOperatorDeps({
  database: { url: inject('bindings')['TURSO_DATABASE_URL'] ?? '', authToken: null },
  secrets: [inject('bindings')['APP_SECRET'] ?? ''],
  subjectSecrets: [inject('bindings')['APP_SECRET'] ?? ''],
  environment: 'development',
  publicUrl: origin,
});

const issuer = { actor: 'test', scopes: null, requestId: null };

/** How a request is made: `json` becomes the body, `key` the bearer token, `ip` the visitor's address. */
export type Call = {
  method?: string;
  key?: string;
  ip?: string;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
};

/** Sends a request to the Worker as the platform does: a context of its own, in the isolate of all others. */
export function call(path: string, options: Call = {}): Promise<Response> {
  return exports.default.fetch(toRequest(path, options));
}

/** Sends a request to the Worker under other vars, secrets or bindings, and waits for what it does after. */
export function callWith(
  bindings: Record<string, unknown>,
  path: string,
  options: Call = {},
): Promise<Response> {
  return startWorker(bindings)(path, options);
}

/** A Worker under other bindings, that remembers from one request to the next what it read, as an isolate does. */
export function startWorker(bindings: Record<string, unknown>): typeof call {
  const own = { ...env, ...bindings };
  return async (path, options) => {
    const context = createExecutionContext();
    const request = toRequest(path, options ?? {}) as Parameters<typeof worker.fetch>[0];
    const response = await worker.fetch(request, own, context);
    await waitOnExecutionContext(context);
    return response;
  };
}

function toRequest(path: string, { method, key, ip, json, body, headers }: Call) {
  const sent = new Headers(headers);
  sent.set('CF-Connecting-IP', ip ?? randomIp());
  if (key !== undefined) sent.set('Authorization', `Bearer ${key}`);
  if (json !== undefined && !sent.has('Content-Type')) sent.set('Content-Type', 'application/json');
  const content = json === undefined ? body : JSON.stringify(json);
  return new Request(new URL(path, origin), {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: sent,
    redirect: 'manual',
    ...(content === undefined ? {} : { body: content }),
  });
}

/** An address that no other test has, so that limits of one do not touch another. */
export function randomIp(): string {
  const groups = Array.from(crypto.getRandomValues(new Uint16Array(4)), (group) =>
    group.toString(16),
  );
  const ip = `2001:db8:${groups.join(':')}::1`;
  rememberAsPersonal(ip);
  return ip;
}

/** A secret key with these scopes; every scope when none is named. */
export async function makeSecretKey(
  granted: readonly Scope[] = scopes,
  more: Partial<Omit<Extract<IssueKeyBody, { kind: 'secret' }>, 'kind' | 'scopes'>> = {},
): Promise<{ id: string; key: string }> {
  return issue({ ...unbound, ...more, kind: 'secret', scopes: [...granted] });
}

/** A form, and a publishable key bound to it. */
export async function makeForm(
  more: Partial<Omit<Extract<IssueKeyBody, { kind: 'publishable' }>, 'kind' | 'form_id'>> = {},
): Promise<{ formId: string; id: string; key: string }> {
  const formId = await makeBareForm();
  const issued = await issue({ ...unbound, ...more, kind: 'publishable', form_id: formId });
  return { formId, ...issued };
}

/** A form with these settings, and no key. Returns its id, which is its address as well. */
export async function makeBareForm(settings: Partial<NewForm> = {}): Promise<string> {
  const named = { name: 'Form of a test', default_source: 'test', ...settings };
  const { answer } = await createForm(operator, newFormBody.parse(named), issuer, []);
  return answer.resourceId;
}

const unbound = { name: 'Key of a test', origins: [], rate_limit: null, expires_at: null };

async function issue(body: IssueKeyBody): Promise<{ id: string; key: string }> {
  const { key, plaintext } = await issueKey(operator, body, issuer, []);
  rememberAsPersonal(plaintext);
  return { id: key.id, key: plaintext };
}
