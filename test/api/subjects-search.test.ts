import { sql, type SQL } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { sha256 } from '../../src/lib/hashing.ts';
import type { Database } from '../../src/platform/database.ts';
import type { ErasureJson, SubjectJson } from '../../src/subjects/contract.ts';
import { exportSubject } from '../../src/subjects/export-subject.ts';
import { call, makeSecretKey, operator } from '../support/harness.ts';
import { makePerson, randomWord, rememberAsPersonal } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { makeLead, runSql } from './data.ts';
import { makeBusyForm, readKept, sendForm } from './door.ts';

async function act<T>(path: 'export' | 'erase', email: string): Promise<T> {
  const { key } = await makeSecretKey();
  const response = await call(`/v1/subjects/${path}`, { key, json: { email } });
  if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
  return response.json<T>();
}

const by = { actor: 'test', requestId: null };

/** Entries in the spam folder with this content, as SQL makes it. */
async function makeEntries(count: number, payload: SQL): Promise<string> {
  const word = randomWord();
  await runSql(sql`INSERT INTO submissions (id, payload, verdict, reasons, created_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    SELECT ${`sub_${word}_`} || i, ${payload}, 'flagged', '[]', 1 FROM n`);
  return `sub_${word}_`;
}

const removeEntries = (prefix: string) =>
  runSql(sql`DELETE FROM submissions WHERE id BETWEEN ${prefix} AND ${`${prefix}~`}`);

describe('a search for a person', () => {
  it('comes to an end whatever others have written of them', async ({ expect }) => {
    const { email } = makePerson();
    const quotes = sql`replace(hex(zeroblob(33000)), '00', '"')`;
    await makeEntries(160, sql`json_object('email', ${email}, 'message', ${quotes})`);
    const others = await makeEntries(
      40,
      sql`json_object('message', ${`Ask ${email} `} || ${quotes})`,
    );
    const { data, mentions } = await act<SubjectJson>('export', email);
    expect([data['submissions']?.length, mentions.length]).toEqual([160, 40]);
    const { counts } = await act<ErasureJson>('erase', email);
    await removeEntries(others);
    expect(counts).toMatchObject({ submissions: 160, mentions: 40 });
  });

  it('reads no more where the address is made of common words', async ({ expect }) => {
    const word = randomWord();
    rememberAsPersonal(word);
    const payload = { email: `x@${word}.example`, message: 'Send more info to info@a.example.' };
    const prefix = await makeEntries(1_000, sql`${JSON.stringify(payload)}`);
    let reads = 0;
    const database: Database = {
      ...operator.database,
      read: (query, withinMs) => {
        reads += 1;
        return operator.database.read(query, withinMs);
      },
    };
    const search = (key: string) =>
      exportSubject({ ...operator, database }, { address: '', key }, by, 9);
    const { mentions } = await search(`info@${word}.example`);
    const common = reads;
    await search(`${randomWord()}@${word}.example`);
    await removeEntries(prefix);
    expect(mentions).toEqual([]);
    expect(common).toBeLessThanOrEqual(reads - common);
  });

  it('finds the address however it is written', async ({ expect }) => {
    const { key } = await makeSecretKey();
    const { email } = makePerson();
    const [local = '', domain = ''] = email.split('@');
    const wide = domain.replaceAll(/[a-z]/g, (letter) =>
      String.fromCharCode(letter.charCodeAt(0) + 0xfe_e0),
    );
    rememberAsPersonal(wide);
    const lead = await makeLead(key);
    for (const spelling of [
      email.toUpperCase(),
      `${email}.Thanks`,
      `${local}@${wide}`,
      `${local}＠${domain}`,
      `${local}%40${domain.replaceAll('.', '%2E').replaceAll('-', '%2d')}`,
      `${local}%2540${domain}`,
      `${local}%40${encodeURIComponent(wide)}`,
    ]) {
      await runSql(sql`UPDATE leads SET notes = ${`Ask ${spelling}`} WHERE id = ${lead.id}`);
      const { mentions } = await act<SubjectJson>('export', email);
      expect(mentions, spelling).toEqual([{ table: 'leads', id: lead.id, columns: ['notes'] }]);
    }
    await act('erase', email);
    const kept = await rowsOf(operator, sql`SELECT notes FROM leads WHERE id = ${lead.id}`);
    expect(kept).toEqual([{ notes: 'Ask [erased]' }]);
  });
});

describe('the erasure of a person', () => {
  it('leaves the address of another one whole, of which theirs is the end', async ({ expect }) => {
    const domain = `${randomWord()}.example`;
    rememberAsPersonal(domain);
    const email = `o'brien@${domain}`;
    const formId = await makeBusyForm({ notify_emails: [email] });
    const sent = { name: "Tom O'Brien", email, message: `Write to ${email}, not brien@${domain}` };
    const { answer } = await sendForm(`/f/${formId}`, { json: sent });
    await act('erase', `brien@${domain}`);
    const query = sql`SELECT notify_emails AS notified FROM forms WHERE id = ${formId}`;
    expect(await rowsOf(operator, query)).toEqual([{ notified: JSON.stringify([email]) }]);
    const { payload, lead } = await readKept(answer.id);
    expect(payload).toEqual({ ...sent, message: `Write to ${email}, not [erased]` });
    expect(lead).toMatchObject({ email, email_key: email });
  });

  it('leaves no hash of who was told of leads that could be guessed', async ({ expect }) => {
    const { email } = makePerson();
    const formId = await makeBusyForm({ notify_emails: [email] });
    const { answer } = await sendForm(`/f/${formId}`, { json: makePerson() });
    await act('erase', email);
    const rows = await rowsOf<{ payload: string }>(
      operator,
      sql`SELECT payload FROM outbox WHERE resource_id = ${answer.id}`,
    );
    expect(rows).toEqual([{ payload: expect.stringMatching(/^\{"to":"[\da-f]{16}"\}$/) }]);
    expect(rows[0]?.payload).not.toContain((await sha256(email)).slice(0, 16));
  });

  it('takes no spam of somebody else, nor does the export show it', async ({ expect }) => {
    const [ada, bob] = [makePerson(), makePerson()];
    const formId = await makeBusyForm();
    const sent = { name: bob.full_name, email: bob.email, Friend: ada.email, _gotcha: 'x' };
    const { answer } = await sendForm(`/f/${formId}`, { json: sent });
    const { data, mentions } = await act<SubjectJson>('export', ada.email);
    expect(data['submissions']).toEqual([]);
    expect(mentions).toEqual([{ table: 'submissions', id: answer.id, columns: ['payload'] }]);
    await act('erase', ada.email);
    const { payload } = await readKept(answer.id);
    expect(payload).toEqual({ name: bob.full_name, email: bob.email, Friend: '[erased]' });
  });
});
