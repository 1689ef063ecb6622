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
import { keyOfContent } from '../../idempotency/statements.ts';
import { sha256 } from '../../lib/hashing.ts';
import { judgeEntry, judgeSender, type Judgement } from '../judge-entry.ts';
import { keepEntry } from '../keep-entry.ts';
import { answerTaken } from './answer-taken.ts';
import { checkLead } from '../check-lead.ts';
import { countEntry } from './count-entry.ts';
import { answerDryRun, asksForDryRun } from './dry-run.ts';
import { readEntry, type ReadEntry } from './read-entry.ts';

/** The same entry within this time is the same one: a double click, or a page that was loaded again. */
const collapseMs = 30_000;
/** No provider takes a captcha's token that is older. */
const captchaMs = 300_000;
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
  const judgement = await judgeSender(deps, entry, judged);
  const { verdict, reasons, refusal, unlessKept } = judgement;
  const tokens = await repeatTokens(c, read, judgement);
  const earlier = unlessKept ? await recallSoon(deps, tokens) : null;
  if (refusal !== null && earlier === null) throw refusal;
  const kept = { entry, lead, files: accepted, verdict, reasons, ipHash: c.var.ipHash };
  const { answer, replayed } =
    earlier === null
      ? await keepEntry(deps, { ...kept, userAgent: readUserAgent(c), tokens })
      : await repeatFiles(deps, earlier, accepted);
  markReplayed(c, replayed);
  return answerTaken(c, entry, answer.body as { id: string; date: string });
}

/** What was sent twice came with one captcha, which is spent: the first one was taken, or is just being kept. */
async function recallSoon(deps: Deps, tokens: IdempotencyToken[]): Promise<AnswerOnce | null> {
  const earlier = await recallAnswer(deps, tokens);
  if (earlier !== null) return earlier;
  await new Promise((resolve) => {
    setTimeout(resolve, keptWithinMs);
  });
  return recallAnswer(deps, tokens);
}

/**
 * By what the same entry is recognised: the header's word, its captcha, and all that it says, its files too. The verdict
 * counts with the latter, since a visitor may send the same words again without what made them look like spam.
 */
async function repeatTokens(
  c: AppContext,
  { entry: { form, content, control }, files }: ReadEntry,
  { verdict, gates }: Judgement,
): Promise<IdempotencyToken[]> {
  const hashes = await Promise.all(
    files.map(async ({ field, bytes }) => [field, await sha256(bytes)]),
  );
  const fingerprint = await sha256(JSON.stringify([form.id, content, hashes]));
  const token = (key: string, keptMs: number) => ({ sender: form.id, key, fingerprint, keptMs });
  const word = readIdempotencyKey(c);
  const isSpent = gates.some(({ gate, verdict: said }) => gate === 'captcha' && !('mark' in said));
  const captcha = isSpent ? control.captchaToken : null;
  return [
    ...(word === null ? [] : [token(word, dayMs)]),
    ...(captcha === null ? [] : [token(`captcha ${await sha256(captcha)}`, captchaMs)]),
    token(keyOfContent(`${verdict} ${fingerprint}`), collapseMs),
  ];
}
