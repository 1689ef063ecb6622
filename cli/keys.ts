import { text as readStream } from 'node:stream/consumers';
import { issueKeyBody, scopes, type KeyJson } from '../src/keys/contract.ts';
import { issueKey } from '../src/keys/issue-key.ts';
import { listKeys } from '../src/keys/list-keys.ts';
import { presentKey } from '../src/keys/present-key.ts';
import { revokeKey } from '../src/keys/revoke-key.ts';
import { verifyKey } from '../src/keys/verify-key.ts';
import type { Command } from './command.ts';
import { checkInput } from './input.ts';
import { operator } from './operator.ts';
import { readParameters, readWord, text, texts, UsageError } from './parameters.ts';
import { readAll } from './read-all.ts';
import { toColumns } from './table.ts';
import { openTarget } from './target.ts';

const issuer = { ...operator, scopes: null };

export const issueKeyCommand: Command = {
  name: 'keys issue',
  summary: 'Issue a key and print it, this once',
  takes: [
    ['--kind secret|publishable', 'for a server, or for the page of one form'],
    ['--name <text>', 'to recognise it by'],
    ['--scopes <a,b>|all', `what a secret key may do: ${scopes.join(', ')}`],
    ['--form <form_…>', 'the form of a publishable key: see forms list'],
    ['--origin <https://…>', 'a site that may use it; may be given again; any site when not given'],
    ['--rate-limit <1000/1h>', 'its own limit'],
    ['--expires-at <ISO>', 'such as 2030-01-31T00:00:00Z'],
  ],
  async run(parameters) {
    const { values } = readParameters(parameters, {
      kind: text,
      name: text,
      scopes: text,
      form: text,
      origin: texts,
      'rate-limit': text,
      'expires-at': text,
    });
    if (values.kind !== 'secret' && values.kind !== 'publishable') {
      throw new UsageError('--kind must be secret or publishable');
    }
    const body = checkInput(issueKeyBody, {
      kind: values.kind,
      name: values.name,
      ...(values.scopes === undefined ? {} : { scopes: readScopes(values.scopes) }),
      ...(values.form === undefined ? {} : { form_id: values.form }),
      origins: values.origin ?? [],
      rate_limit: values['rate-limit'] ?? null,
      expires_at: values['expires-at'] ?? null,
    });
    const deps = await openTarget();
    const { key, plaintext } = await issueKey(deps, body, issuer, []);
    return {
      json: { ...presentKey(key), key: plaintext },
      text: plaintext,
      note: `issued as ${key.id} on ${deps.host}; it cannot be shown again`,
    };
  },
};

export const listKeysCommand: Command = {
  name: 'keys list',
  summary: 'List every key, newest first',
  takes: [],
  async run(parameters) {
    readParameters(parameters, {});
    const deps = await openTarget();
    const keys = (await readAll((page) => listKeys(deps, page))).map((key) => presentKey(key));
    const heads = ['ID', 'KEY', 'NAME', 'MAY', 'STATE', 'LAST USED'];
    const rows = keys.map((key) => [
      key.id,
      key.hint,
      key.name,
      key.form_id ?? scopesInWords(key.scopes),
      stateOf(key),
      key.last_used_at ?? 'never',
    ]);
    return { json: { data: keys }, text: toColumns([heads, ...rows]) };
  },
};

export const verifyKeyCommand: Command = {
  name: 'keys verify',
  summary: 'Say whether a key works, and whose it is; the exit code is 1 when it does not',
  takes: [['<key>|-', '- reads it from standard input, which keeps it out of the shell history']],
  async run(parameters) {
    const word = readWord(parameters, '<key>');
    const key = word === '-' ? await readKey() : word;
    const outcome = await verifyKey(await openTarget(), key);
    if ('refused' in outcome) {
      const { refused: reason, keyId: id } = outcome;
      const line = `not valid: ${reason}${id === null ? '' : ` (${id})`}`;
      return { json: { valid: false, reason, id }, text: line, negative: true };
    }
    const { id, kind, origins, form } = outcome.identity;
    const may = form === null ? outcome.identity.scopes.join(', ') : form.id;
    return {
      json: {
        valid: true,
        id,
        kind,
        scopes: outcome.identity.scopes,
        origins,
        form_id: form?.id ?? null,
      },
      text: `valid: ${id}, ${kind}, for ${may}`,
    };
  },
};

export const revokeKeyCommand: Command = {
  name: 'keys revoke',
  summary: 'Take a key back: it stops working within 10 s',
  takes: [['<id>', 'its id, key_…, from keys list']],
  async run(parameters) {
    const id = readWord(parameters, '<id>');
    if (!id.startsWith('key_'))
      throw new UsageError('<id> is what keys list shows, key_…, not the key');
    const key = presentKey(await revokeKey(await openTarget(), id, issuer));
    return { json: key, text: `${key.id} is revoked since ${key.revoked_at}` };
  },
};

async function readKey(): Promise<string> {
  if (process.stdin.isTTY) console.error('Paste the key, then press Enter and Ctrl-D.');
  return (await readStream(process.stdin)).trim();
}

function readScopes(list: string): string[] {
  if (list === 'all') return [...scopes];
  return list.split(',').map((scope) => scope.trim());
}

function scopesInWords(granted: string[]): string {
  return granted.length === scopes.length ? 'all' : granted.join(',');
}

function stateOf(key: KeyJson): string {
  if (key.revoked_at !== null) return `revoked ${key.revoked_at}`;
  const { expires_at: end } = key;
  if (end === null) return 'active';
  return Date.parse(end) <= Date.now() ? `expired ${end}` : `active until ${end}`;
}
