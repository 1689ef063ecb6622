import type { Deps } from '../../deps.ts';
import type { FieldError } from '../../errors.ts';
import { checkFiles } from '../../files/check-files.ts';
import type { AcceptedFile } from '../../files/contract.ts';
import { mostBytes } from '../../files/most-bytes.ts';
import { repeatFiles } from '../../files/keep-with-files.ts';
import { circumstancesOf } from '../../http/circumstances.ts';
import type { AppContext } from '../../http/context.ts';
import { markReplayed, readIdempotencyKey } from '../../http/idempotency.ts';
import { enforceLimits, intakeLimit } from '../../http/limits.ts';
import { isMultipart } from '../../http/media-type.ts';
import {
  recallAnswer,
  type AnswerOnce,
  type IdempotencyToken,
} from '../../idempotency/answer-once.ts';
import type { Entry } from '../gates/gate.ts';
import { judgeCaptcha, judgeEntry } from '../judge-entry.ts';
import { keepEntry, type KeptEntry } from '../keep-entry.ts';
import { answerTaken } from './answer-taken.ts';
import { checkLead } from '../check-lead.ts';
import { checkSignUp } from '../check-sign-up.ts';
import { signUpEntry } from '../sign-up-entry.ts';
import { countEntry } from './count-entry.ts';
import { answerDryRun, asksForDryRun } from './dry-run.ts';
import { repeatTokens } from '../repeat-tokens.ts';
import { findNamedForm, readEntry } from './read-entry.ts';

/** Milliseconds after which it is looked again whether the first of two equal entries was kept. */
const lookAgainMs = 250;
/** As many as a request needs to answer. */
const answeringMs = 600;

/** Takes what a website form sent. Without an address, a header or the body names the form. */
export async function takeEntry(c: AppContext, address: string | null): Promise<Response> {
  const form = await findNamedForm(c, address);
  const idempotencyKey = readIdempotencyKey(c);
  const take = (counted: boolean) => readAndKeep(c, { form, counted, idempotencyKey });
  if (form?.uploads == null || !isMultipart(c)) return take(false);
  await enforceLimits(c, [intakeLimit(c, form)]);
  const most = mostBytes(form.uploads);
  const announced = Number(c.req.header('Content-Length') ?? most);
  return c.var.deps.uploadRoom.hold(Math.min(announced, most), () => take(true));
}

type Sending = {
  form: Entry['form'] | null;
  /** Whether it was counted before it was read, since it may bring files. */
  counted: boolean;
  idempotencyKey: string | null;
};

/** Read it, count it, judge it, keep it, answer it. */
async function readAndKeep(c: AppContext, sending: Sending): Promise<Response> {
  const { deps } = c.var;
  const read = await readEntry(c, sending.form);
  if (asksForDryRun(c, read.entry)) return answerDryRun(c, read);
  const entry = await countEntry(c, read.entry, sending.counted);
  const judged = await judgeEntry(deps, entry);
  if (judged.refusal !== null) throw judged.refusal;
  const { accepted, errors } = checkFiles(entry.form.uploads, read.files);
  const keep = checkEntry(deps, entry, accepted, errors);
  const judgement = await judgeCaptcha(deps, entry, judged);
  const { verdict, reasons, refusal, mayBeRepeat } = judgement;
  const { idempotencyKey } = sending;
  const circumstances = circumstancesOf(c);
  const { ipHash } = circumstances;
  const tokens = await repeatTokens(read, judgement, { idempotencyKey, ipHash });
  const earlier = mayBeRepeat ? await recallSoon(deps, tokens) : null;
  if (refusal !== null && earlier === null) throw refusal;
  const { answer, replayed } =
    earlier === null
      ? await keep({ entry, verdict, reasons, tokens, ...circumstances })
      : await repeatFiles(deps, earlier, accepted);
  markReplayed(c, replayed);
  return answerTaken(c, entry, answer.body as { id: string; date: string });
}

/** Checks what an entry says of the visitor. Returns what keeps it: as a lead or as a sign-up. */
function checkEntry(
  deps: Deps,
  { form, lead: mapped, language }: Entry,
  files: AcceptedFile[],
  errors: FieldError[],
): (kept: KeptEntry & { ipNetwork: string | null }) => Promise<AnswerOnce> {
  if (form.kind === 'newsletter') {
    const signUp = checkSignUp(mapped, form, language, errors);
    return (kept) => signUpEntry(deps, { ...kept, signUp });
  }
  const lead = checkLead(mapped, errors);
  return (kept) => keepEntry(deps, { ...kept, lead, files });
}

/**
 * The answer that the first of two equal entries got. The second one finds its captcha spent while the first is still
 * being kept: with files that takes a while.
 */
async function recallSoon(deps: Deps, tokens: IdempotencyToken[]): Promise<AnswerOnce | null> {
  for (;;) {
    const earlier = await recallAnswer(deps, tokens);
    if (earlier !== null) return earlier;
    if (deps.now() + lookAgainMs + answeringMs > deps.deadline.at) return null;
    await new Promise((resolve) => {
      setTimeout(resolve, lookAgainMs);
    });
  }
}
