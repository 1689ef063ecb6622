import { newAct, recordAct, type Act, type By } from '../audit/statements.ts';
import type { Deps } from '../deps.ts';
import { forgetForm } from '../forms/forget-form.ts';
import {
  answerOnce,
  recallAnswer,
  type AnswerOnce,
  type IdempotencyToken,
} from '../idempotency/answer-once.ts';
import { addressFinder } from '../lib/address-in-text.ts';
import type { Email } from '../lib/email.ts';
import { newId } from '../lib/ids.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { presentErasure } from './present-erasure.ts';
import { countKinds } from './queries.ts';
import { searchTexts, type Found } from './search-texts.ts';
import { editRow, eraseOwn, insertErasure, mostCharacters, mostInBatch } from './statements.ts';
import { subjectOf, type Subject, type SubjectDeps } from './subject-of.ts';

type EraseDeps = SubjectDeps & Pick<Deps, 'formCache' | 'keyCache'>;

/**
 * Erases the person whom an address stands for, and answers with the receipt: in one batch, or in several where there is
 * very much. One that broke off is made again, and removes what is left. Throws `unavailable` when time runs out.
 */
export async function eraseSubject(
  deps: EraseDeps,
  email: Email,
  by: By,
  given: IdempotencyToken[],
): Promise<AnswerOnce> {
  const finder = addressFinder(email.key);
  // A word that holds the address is not kept.
  const tokens = given.filter(({ key }) => finder.eraseAnywhere(key) === key);
  const earlier = tokens.length === 0 ? null : await recallAnswer(deps, tokens);
  if (earlier !== null) return earlier;

  const subject = await subjectOf(deps.config, email.key);
  const counts: Record<string, number> = { mentions: 0 };
  const formIds: string[] = [];
  let part = newPart(subject);
  for await (const found of searchTexts(deps, subject, finder)) {
    formIds.push(...formsIn(found));
    for (const one of apart(found)) {
      take(part, one);
      if (!isFull(part)) continue;
      await tally(deps, counts, part);
      await remove(deps, part, by);
      part = newPart(subject);
    }
  }
  while ((await tally(deps, counts, part)) === mostInBatch) {
    await remove(deps, part, by);
    part = newPart(subject);
  }
  const at = deps.now();
  const erasure = { id: newId('ers', at), subjectHash: subject.hashes[0], counts, at, ...by };
  const answer = { resourceId: erasure.id, status: 200 as const, body: presentErasure(erasure) };
  const act = actOn(subject, by, { erasure: erasure.id, counts }, at);
  const outcome = await answerOnce(deps, tokens, answer, (orm) => [
    ...removePart(orm, part, act),
    insertErasure(orm, erasure),
  ]);
  // Here at once: somebody who is no longer told of leads is not told of the next one.
  for (const id of formIds) forgetForm(deps, id);
  // What somebody changed in between still holds it.
  if ((counts['mentions'] ?? 0) > 0) {
    for await (const found of searchTexts(deps, subject, finder)) {
      if (found.submissionIds.length + found.mentions.length === 0) continue;
      await remove(deps, take(newPart(subject), found), by);
    }
  }
  return outcome;
}

/** What one batch removes: what is the person's own, and what the search has found. */
type Part = Subject & Pick<Found, 'mentions'>;

function newPart(subject: Subject): Part {
  return { ...subject, submissionIds: [], mentions: [] };
}

function take(part: Part, found: Found): Part {
  part.submissionIds.push(...found.submissionIds);
  part.mentions.push(...found.mentions);
  return part;
}

/** What was found, in pieces that do not fill a batch by themselves. */
function apart({ submissionIds, mentions }: Found): Found[] {
  return [
    { submissionIds, mentions: [] },
    ...mentions.map((mention) => ({ submissionIds: [], mentions: [mention] })),
  ];
}

function isFull({ submissionIds, mentions }: Part): boolean {
  const edits = mentions.flatMap((mention) => mention.edits);
  const characters = edits.reduce((sum, { before }) => sum + before.length, 0);
  return submissionIds.length + mentions.length >= mostInBatch || characters >= mostCharacters;
}

/** Adds what a part removes to the counts, and says how many leads there are among it. */
async function tally(deps: EraseDeps, counts: Record<string, number>, part: Part): Promise<number> {
  const kinds = await deps.database.read((orm) => countKinds(orm, part));
  const all = [...kinds, { kind: 'mentions', count: part.mentions.length }];
  for (const { kind, count } of all) counts[kind] = (counts[kind] ?? 0) + count;
  return kinds.find(({ kind }) => kind === 'leads')?.count ?? 0;
}

async function remove(deps: EraseDeps, part: Part, by: By): Promise<void> {
  const act = actOn(part, by, { partly: true }, deps.now());
  await deps.database.write((orm) => removePart(orm, part, act));
}

function removePart(orm: Orm, part: Part, act: Act): Statement[] {
  return [
    ...eraseOwn(orm, part, act),
    ...part.mentions.map((mention) => editRow(orm, mention)),
    recordAct(orm, act),
  ];
}

function actOn({ hashes }: Subject, by: By, detail: Act['detail'], at: number): Act {
  return newAct({ action: 'subject.erased', ...by, targetId: hashes[0], detail, at });
}

function formsIn({ mentions }: Found): string[] {
  return mentions.flatMap(({ place, id }) => (place.table === 'forms' ? [id] : []));
}
