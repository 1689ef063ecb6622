import { text as readAll } from 'node:stream/consumers';
import { AppError } from '../src/errors.ts';
import { issueKeyBody, scopes } from '../src/keys/contract.ts';
import { issueKey } from '../src/keys/issue-key.ts';
import { listKeys } from '../src/keys/list-keys.ts';
import { presentKey } from '../src/keys/present-key.ts';
import { revokeKey } from '../src/keys/revoke-key.ts';
import { verifyKey } from '../src/keys/verify-key.ts';
import type { Position } from '../src/platform/keyset.ts';
import { openOperatorDeps } from './operator-deps.ts';
import { print } from './output.ts';
import { readParameters, UsageError } from './parameters.ts';
import { readTarget } from './target.ts';

const json = { json: { type: 'boolean' } } as const;
const actor = 'cli';

/** `keys issue`: prints the key, which is never shown again. */
export async function issue(parameters: string[]): Promise<void> {
  const { values } = readParameters(parameters, {
    ...json,
    kind: { type: 'string' },
    name: { type: 'string' },
    scopes: { type: 'string' },
    form: { type: 'string' },
    origin: { type: 'string', multiple: true },
    'rate-limit': { type: 'string' },
    'expires-at': { type: 'string' },
  });
  const granted = values.scopes === 'all' ? [...scopes] : values.scopes?.split(',');
  const body = issueKeyBody.safeParse(
    Object.fromEntries(
      Object.entries({
        kind: values.kind,
        name: values.name,
        scopes: granted,
        form_id: values.form,
        origins: values.origin,
        rate_limit: values['rate-limit'],
        expires_at: values['expires-at'],
      }).filter(([, value]) => value !== undefined),
    ),
  );
  if (!body.success) {
    const fields = new Set(body.error.issues.map((issue) => issue.path[0] ?? 'options'));
    throw new UsageError(
      `not usable: ${[...fields].join(', ')}; kind is secret (with --scopes) or publishable (with --form)`,
    );
  }
  const deps = openOperatorDeps(readTarget(process.env));
  const issuer = { actor, scopes: null, requestId: null };
  const { key, plaintext } = await issueKey(deps, body.data, issuer, null);
  print({ ...presentKey(key), key: plaintext }, values);
}

/** `keys list`: every key, newest first. */
export async function list(parameters: string[]): Promise<void> {
  const { values } = readParameters(parameters, json);
  const deps = openOperatorDeps(readTarget(process.env));
  const rows = [];
  let after: Position | null = null;
  do {
    const page = await listKeys(deps, { after, limit: 200 });
    rows.push(...page.rows.map((row) => presentKey(row)));
    after = page.next;
  } while (after !== null);
  const short = rows.map(
    ({ id, name, hint, scopes: granted, form_id: form, revoked_at: revoked }) => [
      ...[id, hint, name, form ?? granted.join(',')],
      revoked === null ? 'active' : `revoked ${revoked}`,
    ],
  );
  print(values.json === true ? rows : short, values);
}

/** `keys verify`: whether a key is good. `-` reads it from standard input, which no history keeps. */
export async function verify(parameters: string[]): Promise<void> {
  const { values, words } = readParameters(parameters, json, ['the key (or -)']);
  const [word = '-'] = words;
  const presented = word === '-' ? (await readAll(process.stdin)).trim() : word;
  const outcome = await verifyKey(openOperatorDeps(readTarget(process.env)), presented);
  if ('identity' in outcome) {
    const { id, kind, scopes: granted, form } = outcome.identity;
    print({ valid: true, id, kind, scopes: granted, form_id: form?.id ?? null }, values);
  } else {
    print({ valid: false, reason: outcome.refused, id: outcome.keyId }, values);
    process.exitCode = 1;
  }
}

/** `keys revoke`: at most 10 s later nobody takes the key. */
export async function revoke(parameters: string[]): Promise<void> {
  const { values, words } = readParameters(parameters, json, ['the id of the key']);
  const deps = openOperatorDeps(readTarget(process.env));
  const [id = ''] = words;
  try {
    print(presentKey(await revokeKey(deps, id, { actor, requestId: null })), values);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    throw new UsageError('there is no key with this id; `keys list` shows them', { cause: error });
  }
}
