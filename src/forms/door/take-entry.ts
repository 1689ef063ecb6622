import type { Deps } from '../../deps.ts';
import { checkFiles } from '../../files/check-files.ts';
import { repeatFiles } from '../../files/keep-with-files.ts';
import type { AppContext } from '../../http/context.ts';
import { markReplayed, readIdempotencyKey } from '../../http/idempotency.ts';
import { readUserAgent } from '../../http/user-agent.ts';
import {
  recallAnswer,
  type AnswerOnce,
  type IdempotencyToken,
} from '../../idempotency/answer-once.ts';
import { sha256 } from '../../lib/hashing.ts';
import { judgeEntry, judgeSender } from '../judge-entry.ts';
import { keepEntry } from '../keep-entry.ts';
import { answerTaken } from './answer-taken.ts';
import { checkLead } from './check-lead.ts';
import { countEntry } from './count-entry.ts';
import { answerDryRun, asksForDryRun } from './dry-run.ts';
import { readEntry, type ReadEntry } from './read-entry.ts';

/** The same entry within this time is the same one: a double click, or a page that was loaded again. */
const collapseMs = 30_000;
const dayMs = 86_400_000;
/** So long an entry may take from its captcha to its row. */
const keptWithinMs = 300;

/** Takes what a website form sent: read it, count it, judge it, keep it, answer it. Null: the body names the form. */
export async function takeEntry(c: AppContext, address: string | null): Promise<Response> {
  const { deps } = c.var;
  const read = await readEntry(c, address);
  if (asksForDryRun(c, read.entry)) return answerDryRun(c, read);
  const entry = await countEntry(c, read);
  const judged = await judgeEntry(deps, entry);
  if (judged.refusal !== null) throw judged.refusal;
  const { accepted, errors } = checkFiles(entry.form.uploads, read.files);
  const lead = checkLead(entry.lead, errors);
  const { verdict, reasons, refusal } = await judgeSender(deps, entry, judged);
  const token = await repeatToken(c, read, verdict);
  const earlier = refusal === null ? null : await recallSoon(deps, token);
  if (refusal !== null && earlier === null) throw refusal;
  const kept = { entry, lead, files: accepted, verdict, reasons, ipHash: c.var.ipHash };
  const { answer, replayed } =
    earlier === null
      ? await keepEntry(deps, { ...kept, userAgent: readUserAgent(c), token })
      : await repeatFiles(deps, earlier, accepted);
  markReplayed(c, replayed);
  return answerTaken(c, entry, answer.body as { id: string; date: string });
}

/** What was sent twice came with one captcha, which is spent: the first one was taken, or is just being kept. */
async function recallSoon(deps: Deps, token: IdempotencyToken): Promise<AnswerOnce | null> {
  const earlier = await recallAnswer(deps, token);
  if (earlier !== null) return earlier;
  await new Promise((resolve) => {
    setTimeout(resolve, keptWithinMs);
  });
  return recallAnswer(deps, token);
}

/**
 * By what the same entry is recognised: the header's word, and for some seconds all that it says, its files too. One
 * that was flagged is not the same as the next, which may come without what made it suspect.
 */
async function repeatToken(
  c: AppContext,
  { entry: { form, content }, files }: ReadEntry,
  verdict: 'accepted' | 'flagged',
): Promise<IdempotencyToken> {
  const key = readIdempotencyKey(c);
  const hashes = await Promise.all(
    files.map(async ({ field, bytes }) => [field, await sha256(bytes)]),
  );
  const fingerprint = await sha256(JSON.stringify([form.id, content, hashes]));
  const sender = form.id;
  const same = { key: `same:${verdict}:${fingerprint}`, keptMs: collapseMs };
  return key === null
    ? { sender, fingerprint, ...same }
    : { sender, fingerprint, key, keptMs: dayMs, also: same };
}
