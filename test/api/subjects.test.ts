import { sql, type SQL } from 'drizzle-orm';
import { describe, it, vi } from 'vitest';
import type { ErasureJson, SubjectJson } from '../../src/subjects/contract.ts';
import { AppError } from '../../src/errors.ts';
import { eraseSubject } from '../../src/subjects/erase-subject.ts';
import { exportSubject } from '../../src/subjects/export-subject.ts';
import { jsonColumns, places } from '../../src/subjects/places.ts';
import { call, makeForm, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makePng } from '../support/sample-files.ts';
import { expectProblem, refusedFields, type List } from './answers.ts';
import { makeLead, makeList, readList, runSql } from './data.ts';
import { makeBusyForm, sendForm } from './door.ts';
import { makeFileForm, sendFiles } from './entries.ts';

/** One address in the spellings that people use, and one of somebody else who has no tag. */
type Spellings = { key: string; typed: string; encoded: string; neighbour: string; local: string };

function makeSpellings(): Spellings {
  const word = randomWord();
  rememberAsPersonal(word);
  const local = `ada.${word}+news`;
  return {
    local,
    key: `${local}@xn--bcher-kva.${word}.example`,
    typed: `Ada.${word.toUpperCase()}+News@BÜCHER.${word}.example`,
    encoded: encodeURIComponent(`${local}@bücher.${word}.example`),
    neighbour: `ada.${word}@bücher.${word}.example`,
  };
}

type Column = { table: string; column: string };

/** Every column of every table that can hold a text. */
function textColumns(): Promise<Column[]> {
  return rowsOf<Column>(
    operator,
    sql`SELECT tables.name AS "table", columns.name AS "column"
        FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND columns.type NOT IN ('INTEGER', 'BLOB')
        ORDER BY 1, 2`,
  );
}

/** Where a person's address stands, in whatever spelling: `leads.email`. */
async function whereIs({ local }: Spellings): Promise<string[]> {
  const columns = await textColumns();
  const searches = columns.map(({ table, column }) => {
    const text = sql`lower(${sql.identifier(column)})`;
    return sql`SELECT ${`${table}.${column}`} AS place WHERE EXISTS (SELECT 1 FROM ${sql.identifier(table)}
      WHERE instr(${text}, ${local}) OR instr(${text}, ${local.replace('+', '%2b')}))`;
  });
  const found = await rowsOf<{ place: string }>(operator, sql.join(searches, sql` UNION ALL `));
  return found.map(({ place }) => place).toSorted();
}

/** Columns that no stranger's text gets into: ids, hashes, words of ours. Another one is to be decided on. */
const ours = [
  ...['schema_migrations.name', 'api_keys.created_by', 'api_keys.form_id', 'api_keys.hash'],
  ...['api_keys.id', 'api_keys.kind', 'api_keys.last_four', 'api_keys.mode', 'api_keys.origins'],
  ...['api_keys.rate_limit', 'api_keys.scopes', 'audit_log.action', 'audit_log.actor'],
  ...['audit_log.id', 'audit_log.request_id', 'audit_log.target_id', 'confirmations.id'],
  ...['confirmations.list_id', 'confirmations.subscriber_id', 'confirmations.token_hash'],
  ...['consents.action', 'consents.actor', 'consents.confirmation_id', 'consents.form_id'],
  ...['consents.id', 'consents.ip_hash', 'consents.ip_network', 'consents.list_id'],
  ...['consents.subject_hash', 'consents.subscriber_id', 'consents.text_hash'],
  ...['erasures.actor', 'erasures.counts', 'erasures.id', 'erasures.request_id'],
  ...['erasures.subject_hash', 'files.id', 'files.kind', 'files.media_type'],
  ...['files.submission_id', 'form_addresses.address', 'form_addresses.form_id'],
  ...['forms.allowed_origins', 'forms.color', 'forms.default_status', 'forms.disposable_emails'],
  ...['forms.id', 'forms.kind', 'forms.list_id', 'forms.rate_limit', 'forms.repeat_contacts'],
  ...['forms.uploads', 'idempotency_keys.fingerprint', 'idempotency_keys.resource_id'],
  ...['idempotency_keys.sender', 'imports.actor', 'imports.id', 'imports.list_id'],
  ...['imports.on_conflict', 'imports.state', 'lead_events.actor', 'lead_events.id'],
  ...['lead_events.lead_id', 'lead_events.submission_id', 'lead_events.type', 'leads.form_id'],
  // A number has no letters: see the contract of a lead.
  ...['leads.id', 'leads.phone_number', 'leads.status', 'lists.consent_text_hash', 'lists.id'],
  'lists.opt_in',
  ...['lists.visibility', 'outbox.id', 'outbox.last_error', 'outbox.lease_token'],
  ...['outbox.resource_id', 'outbox.state', 'outbox.topic', 'submission_reasons.reason'],
  ...['submission_reasons.submission_id', 'submissions.form_id', 'submissions.id'],
  ...['submissions.ip_hash', 'submissions.lead_id', 'submissions.reasons'],
  ...['submissions.reviewed_by', 'submissions.verdict', 'subscriber_tags.subscriber_id'],
  ...['subscribers.id', 'subscriptions.list_id', 'subscriptions.state'],
  ...['subscriptions.subscriber_id', 'suppressions.actor', 'suppressions.list_id'],
  ...['suppressions.reason', 'suppressions.subject_hash'],
];

/** Where the address of a person stands by itself, or as a copy of another column. */
const theirs = [
  ...['leads.email', 'leads.email_key', 'subscribers.email', 'subscribers.email_key'],
  'subscriber_tags.tag',
  ...['leads_search.company_name', 'leads_search.email', 'leads_search.full_name'],
  'leads_search.notes',
];

const searched = places.flatMap(({ table, columns }) => columns.map((each) => `${table}.${each}`));

const by = { actor: 'test', requestId: null };

async function act<T>(path: string, key: string, email: string, word?: string): Promise<T> {
  const headers: Record<string, string> = word === undefined ? {} : { 'Idempotency-Key': word };
  const response = await call(`/v1/subjects/${path}`, { key, json: { email }, headers });
  if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
  return response.json<T>();
}

/** Lets a person do all that people do, in several spellings. */
async function livesHere(key: string, { typed, key: plain }: Spellings, listId: string) {
  const headers = { 'Idempotency-Key': `lead-of-${plain}` };
  const json = { ...makePerson(), email: typed };
  await call('/v1/leads', { key, json, headers });
  const formId = await makeFileForm({ notify_emails: ['team@shop.example'] });
  const fields = { ...makePerson(), email: plain };
  await sendFiles(formId, [['photo', 'photo.png', makePng(8, 8)]], { fields });
  const trap = { name: 'Ada Lovelace', 'Your email': typed, _gotcha: 'x' };
  await sendForm(`/f/${formId}`, { json: trap });
  const { key: publishable } = await makeForm();
  const consent = { text: 'Yes', page: `https://a.example/?e=${encodeURIComponent(plain)}` };
  const signUp = { email: typed, list_id: listId, consent };
  await call('/v1/subscribers', { key: publishable, json: signUp });
  return { formId };
}

/** Somebody else, whose rows of every table mention an address in every text. Returns the rows. */
async function mentionEverywhere(key: string, spellings: Spellings): Promise<[string, SQL][]> {
  const at = Date.now();
  const bob = makePerson();
  const lead = await makeLead(key, { email: bob.email });
  await call(`/v1/leads/${lead.id}`, { method: 'PATCH', key, json: { notes: 'Called.' } });
  const listId = await makeList();
  await call('/v1/subscribers', { key, json: { email: bob.email, list_id: listId } });
  const formId = await makeBusyForm();
  const { id: keyId } = await makeSecretKey();
  const id = randomWord();
  await operator.database.write((orm) => [
    orm.run(sql`INSERT INTO files (id, submission_id, field, filename, kind, media_type, bytes, stored, created_at)
      SELECT ${id}, id, 'a', 'a', 'image', 'image/png', 1, 1, 0 FROM submissions WHERE lead_id = ${lead.id}`),
    orm.run(sql`INSERT INTO imports (id, list_id, on_conflict, actor, created_at, updated_at)
      VALUES (${id}, ${listId}, 'ignore', 'a', 0, 0)`),
    orm.run(sql`INSERT INTO outbox (id, topic, resource_id, payload, due_at, created_at, state, ended_at)
      VALUES (${id}, 'test', ${id}, '{}', ${at}, ${at}, 'done', ${at})`),
    orm.run(
      sql`INSERT INTO idempotency_keys VALUES (${id}, 'a', '', ${id}, 200, '{}', ${at + 1e8})`,
    ),
    orm.run(
      sql`INSERT INTO audit_log VALUES (${id}, 'form.deleted', 'a', ${id}, NULL, '{}', ${at})`,
    ),
  ]);
  const rows: [string, SQL][] = [
    ['leads', sql`id = ${lead.id}`],
    ['lead_events', sql`lead_id = ${lead.id} AND type = 'updated'`],
    ['submissions', sql`lead_id = ${lead.id}`],
    ['subscribers', sql`email = ${bob.email}`],
    ['consents', sql`list_id = ${listId}`],
    ['lists', sql`id = ${listId}`],
    ['forms', sql`id = ${formId}`],
    ['api_keys', sql`id = ${keyId}`],
    ['idempotency_keys', sql`sender = ${id}`],
    ...['files', 'imports', 'outbox', 'audit_log'].map((table): [string, SQL] => [
      table,
      sql`id = ${id}`,
    ]),
  ];
  const page = `https://a.example/?e=${spellings.encoded}&f=g`;
  for (const { table, columns } of places) {
    const [, where] = rows.find(([name]) => name === table) ?? [];
    if (where === undefined) throw new Error(`nothing mentions the address in ${table}`);
    for (const column of columns) {
      await runSql(sql`UPDATE ${sql.identifier(table)}
        SET ${sql.identifier(column)} = ${mentionIn(column, page, spellings)} WHERE ${where}`);
    }
  }
  return rows;
}

function mentionIn(column: string, page: string, { typed, key }: Spellings): string {
  if (column === 'page') return page;
  if (!jsonColumns.has(column)) return `Ask ${typed}, please.`;
  const isList = ['tags', 'notify_emails'].includes(column);
  return JSON.stringify(isList ? ['bob@shop.example', key] : { page, note: [`Or:\n${key}`] });
}

describe('a person who is erased', () => {
  it('is in no text of any table, whoever wrote it, and is not signed up again', async ({
    expect,
  }) => {
    const { key } = await makeSecretKey();
    const spellings = makeSpellings();
    const listId = await makeList();
    const { formId } = await livesHere(key, spellings, listId);
    const rows = await mentionEverywhere(key, spellings);
    await call('/v1/subscribers', { key, json: { email: spellings.neighbour, list_id: listId } });
    const carol = await makeLead(key);
    const columns = (await textColumns()).map(({ table, column }) => `${table}.${column}`);
    const fts = columns.filter((name) => /^leads_search(_|\.leads_search$|\.rank$)/.test(name));
    const decided = new Set([...ours, ...theirs, ...searched, ...fts]);
    expect(columns.toSorted()).toEqual([...decided].toSorted());
    expect(await whereIs(spellings)).toEqual([...new Set([...searched, ...theirs])].toSorted());

    const word = `erase-${spellings.key}`;
    const receipt = await act<ErasureJson>('erase', key, spellings.typed, word);
    expect(await whereIs(spellings)).toEqual([]);
    expect(receipt).toEqual({
      id: expect.stringMatching(/^ers_/),
      erased_at: expect.stringMatching(/Z$/),
      suppressed: true,
      counts: {
        ...{ leads: 1, lead_events: 2, submissions: 3, files: 1, outbox: 2 },
        ...{ subscribers: 1, subscriptions: 1, confirmations: 1, consents: 1 },
        ...{ idempotency_keys: 3, mentions: 16 },
      },
    });
    const kept = await Promise.all(
      rows.map(async ([table, where]) => {
        const query = sql`SELECT * FROM ${sql.identifier(table)} WHERE ${where}`;
        return [table, await rowsOf<Record<string, unknown>>(operator, query)] as const;
      }),
    );
    const after = Object.fromEntries(kept.map(([table, [row = {}]]) => [table, row]));
    expect(kept.filter(([, found]) => found.length !== 1)).toEqual([]);
    expect(after['leads']).toMatchObject({ notes: 'Ask [erased], please.', version: 3 });
    expect(after['forms']).toMatchObject({ notify_emails: '["bob@shop.example"]' });
    expect(after['subscribers']).toMatchObject({ tags: '["bob@shop.example"]' });
    expect(JSON.parse(String(after['submissions']?.['payload']))).toEqual({
      ...{ page: 'https://a.example/?e=[erased]&f=g', note: ['Or:\n[erased]'] },
    });
    const { data } = await readList('/v1/leads', key, { q: spellings.local.slice(4, -5) });
    expect(data).toEqual([]);
    const files = await rowsOf(
      operator,
      sql`SELECT submission_id, filename FROM files
      WHERE filename = '[erased]' AND submission_id IS NULL`,
    );
    expect(files).not.toEqual([]);
    expect(await readList('/v1/submissions', key, { form_id: formId })).toMatchObject({ data: [] });

    expect(await (await call(`/v1/leads/${carol.id}`, { key })).json()).toEqual(carol);

    const { key: publishable } = await makeForm();
    const again = { email: spellings.typed, list_id: listId };
    const answer = await call('/v1/subscribers', { key: publishable, json: again });
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'pending' }]);
    await expectProblem(
      expect,
      await call('/v1/subscribers', { key, json: again }),
      409,
      'suppressed',
    );
    const consent = 'They ticked the box.';
    const begun = await call('/v1/imports', { key, json: { list_id: listId, consent } });
    const { id } = await begun.json<{ id: string }>();
    const batch = { from: 0, rows: [{ email: spellings.typed }] };
    const imported = await call(`/v1/imports/${id}/rows`, { key, json: batch });
    expect(await imported.json()).toMatchObject({ suppressed: 1, added: 0, errors: [] });
    expect(await whereIs(spellings)).toEqual([]);
    const on = await readList<{ email: string }>('/v1/subscribers', key, { list_id: listId });
    expect(on.data).toMatchObject([{ email: spellings.neighbour }]);
  });

  it('leaves the evidence and the suppressions behind, under a hash alone', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const spellings = makeSpellings();
    const listId = await makeList();
    await livesHere(key, spellings, listId);
    await runSql(sql`UPDATE consents SET subject_hash = NULL WHERE list_id = ${listId}`);
    await act('erase', key, spellings.key);
    const query = sql`SELECT action, text, subscriber_id, ip_hash, ip_network, user_agent, page,
      subject_hash AS hash, EXISTS (SELECT 1 FROM suppressions WHERE suppressions.subject_hash = consents.subject_hash
        AND list_id = '' AND reason = 'erased') AS suppressed FROM consents WHERE list_id = ${listId}`;
    expect(await rowsOf(operator, query)).toEqual([
      {
        ...{ action: 'requested', text: 'Yes', subscriber_id: null, suppressed: 1 },
        ...{ ip_hash: null, ip_network: null, user_agent: null, page: null },
        hash: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
  });

  it('is told of once for a repeated request, and has nothing left for a new one', async ({
    expect,
  }) => {
    const { key, id: actor } = await makeSecretKey();
    const { email } = await makeLead(key);
    const word = randomWord();
    const first = await act<ErasureJson>('erase', key, email ?? '', word);
    expect(await act('erase', key, email ?? '', word)).toEqual(first);
    const second = await act<ErasureJson>('erase', key, email ?? '');
    expect(second.id).not.toBe(first.id);
    expect([first.counts['leads'], Object.values(second.counts).some(Boolean)]).toEqual([1, false]);
    const { data } = await readList<ErasureJson>('/v1/subjects/erasures', key, { limit: '200' });
    expect(data.filter(({ id }) => [first.id, second.id].includes(id))).toEqual([second, first]);
    const acts = sql`SELECT action, detail FROM audit_log WHERE actor = ${actor} ORDER BY id`;
    expect(await rowsOf(operator, acts)).toEqual(
      [first, second].map(({ id: erasure, counts }) => {
        const detail = JSON.stringify({ erasure, counts });
        return { action: 'subject.erased', detail };
      }),
    );
    const other = await call('/v1/subjects/erase', {
      ...{ key, json: { email: makePerson().email }, headers: { 'Idempotency-Key': word } },
    });
    await expectProblem(expect, other, 422, 'idempotency_key_reused');
  });

  it('may have more leads and entries than fit in one batch', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const spellings = makeSpellings();
    const many = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)`;
    const word = randomWord();
    await runSql(sql`INSERT INTO leads (id, full_name, email, email_key, created_at, updated_at)
      ${many} SELECT ${word} || i, 'Ada', ${spellings.typed}, ${spellings.key}, 0, 0 FROM n`);
    await runSql(sql`INSERT INTO submissions (id, payload, verdict, created_at)
      ${many} SELECT 'sub' || ${word} || i, ${JSON.stringify({ email: spellings.typed })}, 'flagged', 0 FROM n`);
    const { counts } = await act<ErasureJson>('erase', key, spellings.key);
    expect(counts).toMatchObject({ leads: 450, submissions: 450, mentions: 0 });
    expect(await whereIs(spellings)).toEqual([]);
  });

  it('is erased by a second request where the first one broke off', async ({ expect }) => {
    const spellings = makeSpellings();
    const word = randomWord();
    await runSql(sql`INSERT INTO submissions (id, payload, verdict, created_at)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250)
      SELECT ${word} || i, ${JSON.stringify({ email: spellings.key })}, 'flagged', 0 FROM n`);
    const { write } = operator.database;
    const away = new AppError('unavailable', 'Away.');
    const once = vi.fn<typeof write>(() => Promise.reject(away)).mockImplementationOnce(write);
    const deps = { ...operator, database: { ...operator.database, write: once } };
    const email = { address: '', key: spellings.key };
    await expect(eraseSubject(deps, email, by, [])).rejects.toThrow(away);
    expect(await whereIs(spellings)).toEqual(['submissions.payload']);
    const { answer } = await eraseSubject(operator, email, by, []);
    expect(answer.body).toMatchObject({ counts: { submissions: 50 } });
    expect(await whereIs(spellings)).toEqual([]);
  });

  it('may write again: that is an act of their own', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { typed } = makeSpellings();
    await act('erase', key, typed);
    expect(await makeLead(key, { email: typed })).toMatchObject({ email: typed });
  });

  it('takes along no text that somebody changes meanwhile', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const spellings = makeSpellings();
    const { id } = await makeLead(key, { notes: `Ask ${spellings.typed}.` });
    const { write } = operator.database;
    const overtaken = vi.fn<typeof write>(write).mockImplementationOnce(async (statements) => {
      await runSql(sql`UPDATE leads SET notes = ${`New: ${spellings.key}`} WHERE id = ${id}`);
      return write(statements);
    });
    const deps = { ...operator, database: { ...operator.database, write: overtaken } };
    await eraseSubject(deps, { address: '', key: spellings.key }, by, []);
    expect(await rowsOf(operator, sql`SELECT notes FROM leads WHERE id = ${id}`)).toEqual([
      { notes: 'New: [erased]' },
    ]);
  });
});

describe('the export of a person', () => {
  it('holds all that is theirs, and says who mentions them', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const spellings = makeSpellings();
    const listId = await makeList();
    await livesHere(key, spellings, listId);
    const other = await makeLead(key, { notes: `Sent by ${spellings.typed}` });
    const json = { email: spellings.typed };
    const response = await call('/v1/subjects/export', { key, json });
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="subject.json"');
    const { data, mentions, ...facts } = await response.json<SubjectJson>();
    expect(facts).toEqual({
      ...{ email: spellings.key, cut: [] },
      exported_at: expect.stringMatching(/Z$/),
    });
    const sizes = Object.entries(data).map(([kind, rows]) => [kind, rows.length]);
    expect(Object.fromEntries(sizes)).toEqual({
      ...{ leads: 1, lead_events: 2, submissions: 3, files: 1, outbox: 2 },
      ...{ subscribers: 1, subscriptions: 1, confirmations: 1, consents: 1 },
      ...{ idempotency_keys: 3, suppressions: 0, erasures: 0 },
    });
    expect(data['leads']).toMatchObject([
      { email: spellings.typed, created_at: expect.stringMatching(/Z$/), attribution: {} },
    ]);
    expect(data['consents']).toMatchObject([{ list_id: listId, text: 'Yes', text_hash: /^/ }]);
    expect(JSON.stringify(data)).not.toMatch(/"(seq|email_key|token_hash|ip_hash|subject_hash)"/);
    expect(mentions).toContainEqual({ table: 'leads', id: other.id, columns: ['notes'] });
    expect(JSON.stringify(mentions)).not.toContain(spellings.local);
  });

  it('is noted in the audit log, without the address', async ({ expect }) => {
    const { key, id } = await makeSecretKey();
    const { key: email } = makeSpellings();
    await act('export', key, email);
    const query = sql`SELECT action, target_id AS target, detail FROM audit_log WHERE actor = ${id}`;
    expect(await rowsOf(operator, query)).toEqual([
      { action: 'subject.exported', target: expect.stringMatching(/^[\da-f]{64}$/), detail: '{}' },
    ]);
  });

  it('says when it is cut', async ({ expect }) => {
    const { key: emailKey, typed } = makeSpellings();
    const word = randomWord();
    await runSql(sql`INSERT INTO leads (id, full_name, email, email_key, created_at, updated_at)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 401)
      SELECT ${word} || i, 'Ada', ${typed}, ${emailKey}, 0, 0 FROM n`);
    const ask = (most: number) => exportSubject(operator, { address: '', key: emailKey }, by, most);
    const cut = await ask(400);
    expect([cut.data['leads']?.length, cut.cut]).toEqual([400, ['leads']]);
    const whole = await ask(401);
    expect([whole.data['leads']?.length, whole.cut]).toEqual([401, []]);
  });
});

describe('the routes of a person', () => {
  it.for(['export', 'erase'])('refuse what is no address: %s', async (path, { expect }) => {
    const { key } = await makeSecretKey();
    for (const [json, code] of [
      [{}, 'required'],
      [{ email: 'nobody' }, 'invalid_email'],
    ] as const) {
      const answer = await call(`/v1/subjects/${path}`, { key, json });
      expect(await refusedFields(expect, answer)).toEqual({ email: code });
    }
  });

  it('page through the receipts', async ({ expect }) => {
    const { key } = await makeSecretKey(['subjects:read', 'subjects:write']);
    const made = [await act<ErasureJson>('erase', key, makePerson().email)];
    made.unshift(await act<ErasureJson>('erase', key, makePerson().email));
    const seen: ErasureJson[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '1', ...(cursor === null ? {} : { cursor }) };
      const page: List<ErasureJson> = await readList('/v1/subjects/erasures', key, query);
      seen.push(...page.data);
      cursor = page.page.next_cursor;
    } while (cursor !== null && !seen.some(({ id }) => id === made[1]?.id));
    const ids = new Set(made.map(({ id }) => id));
    expect(seen.filter(({ id }) => ids.has(id))).toEqual(made);
  });
});
