import { AppError } from '../errors.ts';
import { check, clean } from '../lib/check.ts';
import { newId } from '../lib/ids.ts';
import { areKept, mostOfEach } from '../subscribers/profile.ts';
import { subjectHashes, type SubjectConfig } from '../subjects/subject-hash.ts';
import { importRow, type ImportRow, type RowError, type Rows } from './contract.ts';
import type { Import, PersonTuple } from './statements.ts';

/** Rows that were looked at: the people in them, how many are no good, and why. */
export type Judged = { people: PersonTuple[]; invalid: number; errors: RowError[] };

/** A row holds its tags, its attributes and what names them. */
const mostValues = 2 * mostOfEach + 10;

/** Of one row: more would make the answer many times as large as what was sent. */
const mostErrors = 10;

/**
 * Looks at rows one by one: what is wrong with one keeps no other out. Who comes several times is taken once, with what
 * all of their rows say where that is wanted.
 */
export async function judgeRows(
  deps: { config: SubjectConfig; now: () => number },
  onConflict: Import['onConflict'],
  { from, rows }: Rows,
): Promise<Judged> {
  const at = deps.now();
  const errors: RowError[] = [];
  let invalid = 0;
  const met = new Map<string, { row: ImportRow; times: number }>();
  for (const [index, given] of rows.entries()) {
    try {
      const row = check(importRow, clean(given, mostValues));
      const before = met.get(row.email.key);
      if (before === undefined) met.set(row.email.key, { row, times: 1 });
      else {
        before.times += 1;
        if (onConflict === 'merge') before.row = fold(before.row, row);
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { fields, code, message } = error;
      const wrong = fields.length > 0 ? fields : [{ field: '', code, message }];
      for (const each of wrong.slice(0, mostErrors))
        errors.push({ row: from + index + 1, ...each });
      invalid += 1;
    }
  }
  const people = [...met].map(async ([key, { row, times }]): Promise<PersonTuple> => {
    const { email, full_name: name, language, tags, attributes } = row;
    const hashes = await subjectHashes(deps.config, key);
    const [id, consentId] = [newId('sbr', at), newId('cns', at)];
    return [key, email.address, name, language, tags, attributes, hashes, times, id, consentId];
  });
  return { people: await Promise.all(people), invalid, errors };
}

/** What two rows say of one person: the later one is newer, and what is too much for one subscriber stays out. */
function fold(before: ImportRow, row: ImportRow): ImportRow {
  const attributes = { ...before.attributes, ...row.attributes };
  return {
    email: before.email,
    full_name: before.full_name ?? row.full_name,
    language: before.language ?? row.language,
    tags: [...new Set([...before.tags, ...row.tags])].slice(0, mostOfEach),
    attributes: areKept(attributes) ? attributes : before.attributes,
  };
}
