import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import { call, operator } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';

/** A row of an export, by its columns. */
export type Row = Record<string, string>;

/** What another program reads of a CSV file. */
export const readCsv = (text: string): Row[] => parse(text, { bom: true, columns: true });
/** The objects of NDJSON. */
export const readNdjson = (text: string): Row[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));

/** An export of leads as rows of its CSV. */
export async function exportCsv(key: string, query: Record<string, string>): Promise<Row[]> {
  const response = await call(`/v1/leads/export?${new URLSearchParams(query)}`, { key });
  return readCsv(await response.text());
}

/** What the audit log has of a key. */
export const actsOf = (keyId: string) =>
  rowsOf<{ action: string; detail: string }>(
    operator,
    sql`SELECT action, detail FROM audit_log WHERE actor = ${keyId} ORDER BY id`,
  );
