import { newAct, recordAct, type By } from '../audit/statements.ts';
import { addressFinder } from '../lib/address-in-text.ts';
import type { Email } from '../lib/email.ts';
import { toIso } from '../lib/time.ts';
import { readFewer } from '../platform/database.ts';
import type { MentionJson, SubjectJson } from './contract.ts';
import { jsonColumns } from './places.ts';
import { kindsOf, selectKind, type RawRow } from './queries.ts';
import { searchTexts } from './search-texts.ts';
import { subjectOf, type SubjectDeps } from './subject-of.ts';

/** Rows that one query returns: fewer where they are large. */
const pageSize = 200;

/**
 * All that is kept of the person whom an address stands for: at most so many rows of each kind, and `cut` names the
 * kinds of which there are more. The audit log keeps that it was done. Throws `unavailable` when time runs out.
 */
export async function exportSubject(
  deps: SubjectDeps,
  email: Email,
  by: By,
  most: number,
): Promise<SubjectJson> {
  const subject = await subjectOf(deps.config, email.key);
  const finder = addressFinder(email.key);
  const mentions: MentionJson[] = [];
  for await (const found of searchTexts(deps, subject, finder)) {
    subject.submissionIds.push(...found.submissionIds);
    for (const { place, id, edits } of found.mentions) {
      mentions.push({ table: place.table, id, columns: edits.map(({ column }) => column) });
    }
  }
  const kinds = await Promise.all(
    kindsOf(subject).map(async ([kind, rows]) => {
      const found: RawRow[] = [];
      let page = { rows: found, count: pageSize };
      do {
        const after = found.at(-1)?.rowid ?? 0;
        const wanted = Math.min(page.count, most + 1 - found.length);
        page = await readFewer(deps.database, wanted, (orm, count) =>
          selectKind(orm, rows, after, count),
        );
        found.push(...page.rows);
      } while (page.rows.length === page.count && found.length <= most);
      return [kind, found] as const;
    }),
  );
  const at = deps.now();
  const act = newAct({
    ...{ action: 'subject.exported', ...by, targetId: subject.hashes[0], detail: {}, at },
  });
  await deps.database.write((orm) => [recordAct(orm, act)]);
  return {
    email: email.key,
    exported_at: toIso(at),
    data: Object.fromEntries(
      kinds.map(([kind, rows]) => [kind, rows.slice(0, most).map((row) => present(row))]),
    ),
    mentions: mentions.slice(0, most),
    cut: [
      ...kinds.filter(([, rows]) => rows.length > most).map(([kind]) => kind),
      ...(mentions.length > most ? ['mentions'] : []),
    ],
  };
}

/** What says nothing to anybody but us, and keys that are secret. */
const hidden = new Set(['rowid', 'seq', 'email_key', 'fingerprint', 'lease_token', 'sender']);

/** A row as the person reads it. */
function present(row: RawRow): Record<string, unknown> {
  const entries = Object.entries(row).flatMap(([name, value]) => {
    if (hidden.has(name) || (name.endsWith('_hash') && name !== 'text_hash')) return [];
    if (typeof value === 'string' && jsonColumns.has(name)) return [[name, JSON.parse(value)]];
    const isTime = typeof value === 'number' && /(^|_)at$/.test(name);
    return [[name, isTime ? toIso(value) : value]];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
