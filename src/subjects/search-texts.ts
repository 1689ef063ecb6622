import type { Deps } from '../deps.ts';
import { mapLead } from '../forms/map-lead.ts';
import type { AddressFinder } from '../lib/address-in-text.ts';
import { parseEmail } from '../lib/email.ts';
import { firstCharacters } from '../lib/text.ts';
import { toContent } from '../lib/to-content.ts';
import { readFewer } from '../platform/database.ts';
import { jsonColumns, places } from './places.ts';
import { nextAfter, selectCandidates, selectEnds, type Candidate } from './queries.ts';
import type { Mention } from './statements.ts';
import type { Subject } from './subject-of.ts';

/** What a part of the search has found: submissions of no lead that are the person's own, and texts of others. */
export type Found = { submissionIds: string[]; mentions: Mention[] };

/** How many rows of a place one query returns, of those that may hold the address: fewer where they are large. */
const returned = 100;

/** Characters that the schema allows for a text, where the mark that takes the place of an address could be too long. */
const longest: Record<string, number> = { full_name: 255, name: 255, notes: 5_000 };

/**
 * Looks for the address in every text that somebody has written, but for what is the person's own by its key. Reads
 * some rows of each table at a time, from the first to the last.
 */
export async function* searchTexts(
  deps: Pick<Deps, 'database'>,
  subject: Subject,
  finder: AddressFinder,
): AsyncGenerator<Found, void> {
  const ends = await deps.database.read((orm) => selectEnds(orm));
  let after: (number | null)[] = ends.map(({ end }) => (end === null ? null : 0));
  let most = returned;
  while (after.some((row) => row !== null)) {
    const from = after;
    const { rows, count } = await readFewer(deps.database, most, (orm, fewer) =>
      selectCandidates(orm, subject, finder.needles, from, fewer),
    );
    most = count;
    yield judge(rows, subject.key, finder);
    after = from.map((row, place) => {
      if (row === null) return null;
      const next = nextAfter(
        row,
        rows.filter((each) => each.place === place),
        count,
      );
      return next < (ends[place]?.end ?? 0) ? next : null;
    });
  }
}

function judge(rows: Candidate[], key: string, finder: AddressFinder): Found {
  const found: Found = { submissionIds: [], mentions: [] };
  for (const { place: index, row, id, own, texts } of rows) {
    const place = places[index];
    const { payload = null, ...others } = JSON.parse(texts) as Record<string, string | null>;
    if (place === undefined) continue;
    if (own === 1 && payload !== null && senderOf(payload) === key) {
      found.submissionIds.push(id);
      continue;
    }
    const edits = Object.entries({ payload, ...others }).flatMap(([column, before]) => {
      if (before === null) return [];
      const after = eraseFrom(column, before, finder);
      if (after === before) return [];
      const most = longest[column];
      const fitting = most === undefined ? after : firstCharacters(after, most);
      return [{ column, before, after: fitting }];
    });
    if (edits.length > 0) found.mentions.push({ place, row, id, edits });
  }
  return found;
}

/** Whose an entry is, of which no lead came: theirs whose address it would be the lead's. */
function senderOf(payload: string): string | null {
  const { fields } = mapLead(toContent(JSON.parse(payload) as object));
  return parseEmail(String(fields['email']))?.key ?? null;
}

function eraseFrom(column: string, text: string, finder: AddressFinder): string {
  if (column === 'idempotency_key') return finder.eraseAnywhere(text);
  return jsonColumns.has(column) ? finder.eraseFromJson(text) : finder.erase(text);
}
