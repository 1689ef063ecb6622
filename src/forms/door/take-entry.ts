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
import { judgeCaptcha, judgeEntry } from '../judge-entry.ts';
import { keepEntry } from '../keep-entry.ts';
import { answerTaken } from './answer-taken.ts';
import { checkLead } from '../check-lead.ts';
import { countEntry } from './count-entry.ts';
import { answerDryRun, asksForDryRun } from './dry-run.ts';
import { repeatTokens } from '../repeat-tokens.ts';
import { readEntry } from './read-entry.ts';

/** How long the first of two equal entries may need from its captcha to its row: waited for once. */
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
  const judgement = await judgeCaptcha(deps, entry, judged);
  const { verdict, reasons, refusal, mayBeRepeat } = judgement;
  const tokens = await repeatTokens(read, judgement, readIdempotencyKey(c));
  const earlier = mayBeRepeat ? await recallSoon(deps, tokens) : null;
  if (refusal !== null && earlier === null) throw refusal;
  const kept = { entry, lead, files: accepted, verdict, reasons, ipHash: c.var.ipHash };
  const { answer, replayed } =
    earlier === null
      ? await keepEntry(deps, { ...kept, userAgent: readUserAgent(c), tokens })
      : await repeatFiles(deps, earlier, accepted);
  markReplayed(c, replayed);
  return answerTaken(c, entry, answer.body as { id: string; date: string });
}

/** The second of two equal entries finds its captcha spent: the first one has been kept, or is about to be. */
async function recallSoon(deps: Deps, tokens: IdempotencyToken[]): Promise<AnswerOnce | null> {
  const earlier = await recallAnswer(deps, tokens);
  if (earlier !== null) return earlier;
  await new Promise((resolve) => {
    setTimeout(resolve, keptWithinMs);
  });
  return recallAnswer(deps, tokens);
}
