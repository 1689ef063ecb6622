import { sql } from 'drizzle-orm';
import type { NewForm } from '../../src/forms/contract.ts';
import { call, makeBareForm, operator, type Call } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';

/** What a script reads when a form was taken, or was not. */
export type DoorAnswer = {
  ok: boolean;
  success: boolean;
  message: string;
  next?: string;
  id?: string;
  error?: string;
  code: number | string;
  errors?: { field?: string; code: string; message: string }[];
};

/** What was kept of an entry, and its lead. */
export type KeptEntry = {
  payload: Record<string, unknown>;
  verdict: string;
  lead: Record<string, unknown> | null;
};

/** A form that many tests may send to. */
export function makeBusyForm(settings: Partial<NewForm> = {}): Promise<string> {
  return makeBareForm({ rate_limit: '100000/1h', ...settings });
}

/** Sends what a script sends, and reads the answer. */
export async function sendForm(
  path: string,
  sent: Call,
): Promise<{ status: number; answer: DoorAnswer }> {
  const headers = { Accept: 'application/json', ...sent.headers };
  const response = await call(path, { ...sent, method: 'POST', headers });
  return { status: response.status, answer: await response.json<DoorAnswer>() };
}

/** What is stored under the id that a sender was told. */
export async function readKept(id: string | undefined): Promise<KeptEntry> {
  const kept = (await readAllKept([id ?? ''])).get(id ?? '');
  if (kept === undefined) throw new Error(`nothing is kept as ${id}`);
  return kept;
}

/** What is stored under each of these ids. */
export async function readAllKept(ids: string[]): Promise<Map<string, KeptEntry>> {
  type Row = { id: string; payload: string; verdict: string; leadId: string | null };
  const rows = await rowsOf<Row>(
    operator,
    sql`SELECT id, payload, verdict, lead_id AS leadId FROM submissions
        WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );
  const leads = await rowsOf<Record<string, unknown>>(
    operator,
    sql`SELECT * FROM leads
        WHERE id IN (SELECT value FROM json_each(${JSON.stringify(rows.map((row) => row.leadId))}))`,
  );
  return new Map(
    rows.map(({ id, payload, verdict, leadId }) => {
      const lead = leads.find((row) => row['id'] === leadId) ?? null;
      return [id, { payload: JSON.parse(payload) as KeptEntry['payload'], verdict, lead }];
    }),
  );
}
