import { sql } from 'drizzle-orm';
import type { ExpectStatic } from 'vitest';
import type { FileJson } from '../../src/files/contract.ts';
import type { SubmissionJson } from '../../src/submissions/contract.ts';
import { call, operator } from '../support/harness.ts';
import { makePerson } from '../support/people.ts';
import { rowsOf } from '../support/rows.ts';
import { sendForm } from './door.ts';

/** A submission as it is read alone. */
export type ShownSubmission = SubmissionJson & { files: FileJson[] };

/** What a person types into a form. */
export function typedBy({ full_name: name, email, notes } = makePerson()) {
  return { name, email, message: notes };
}

/** Sends an entry to a form, and returns the id that its sender is told. */
export async function sendEntry(
  form: string,
  fields: Record<string, unknown> = typedBy(),
  headers: Record<string, string> = {},
): Promise<string> {
  const { status, answer } = await sendForm(`/f/${form}`, { json: fields, headers });
  if (answer.id === undefined) throw new Error(`The entry was not taken: ${status}`);
  return answer.id;
}

/** Sends an entry that ends in the spam folder. */
export function sendSpam(
  form: string,
  fields: Record<string, unknown> = typedBy(),
  headers: Record<string, string> = {},
): Promise<string> {
  return sendEntry(form, { ...fields, _gotcha: 'x' }, headers);
}

export async function read(key: string, id: string): Promise<ShownSubmission> {
  const response = await call(`/v1/submissions/${id}`, { key });
  if (response.status !== 200) throw new Error(`Not shown: ${await response.text()}`);
  return response.json<ShownSubmission>();
}

/** Asks for a submission to be turned around. */
export function ask(key: string, id: string, verdict: 'spam' | 'not-spam'): Promise<Response> {
  return call(`/v1/submissions/${id}/${verdict}`, { key, method: 'POST' });
}

/** Turns a submission around, and returns it. */
export async function review(
  expect: ExpectStatic,
  key: string,
  id: string,
  verdict: 'spam' | 'not-spam',
): Promise<ShownSubmission> {
  const response = await ask(key, id, verdict);
  expect(response.status).toBe(200);
  return response.json<ShownSubmission>();
}

/** What is still to be sent about a submission. */
export function noticesOf(id: string) {
  return rowsOf<{ topic: string; payload: string }>(
    operator,
    sql`SELECT topic, payload FROM outbox WHERE resource_id = ${id}`,
  );
}

/** The timeline of a lead, oldest first. */
export function timelineOf(leadId: string) {
  return rowsOf<{ type: string; submission: string | null; actor: string }>(
    operator,
    sql`SELECT type, submission_id AS submission, actor FROM lead_events
        WHERE lead_id = ${leadId} ORDER BY at, id`,
  );
}

/** The ids of a form's leads, oldest first. */
export async function leadsOf(form: string): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    operator,
    sql`SELECT id FROM leads WHERE form_id = ${form} ORDER BY seq`,
  );
  return rows.map((row) => row.id);
}
