import type { FlagReason, SubmissionVerdict } from '../submissions/contract.ts';
import type { AppError } from '../errors.ts';
import { checkAutomation } from './gates/automation.ts';
import { checkCaptcha } from './gates/captcha.ts';
import { checkDisposableEmail } from './gates/disposable-email.ts';
import type { Entry, Gate, GateDeps, GateResult } from './gates/gate.ts';
import { checkHoneypot } from './gates/honeypot.ts';
import { checkOrigin } from './gates/origin.ts';
import { checkRenderStamp } from './gates/render-stamp.ts';
import { checkRepeatedContent } from './gates/repeated-content.ts';
import { checkStuffing } from './gates/stuffing.ts';

/** What each gate said, in their order, and what follows from it. */
export type Judgement = {
  gates: { gate: string; result: GateResult }[];
  verdict: SubmissionVerdict;
  /** Why it is flagged, or what an operator should know of one that is not. */
  reasons: FlagReason[];
  refusal: AppError | null;
  /** Whether the same entry may have been kept before, and was refused for that. */
  mayBeRepeat: boolean;
};

/** The cheapest first. None of them waits for the network. */
const gates: [name: string, check: Gate][] = [
  ['origin', checkOrigin],
  ['honeypot', checkHoneypot],
  ['automation', checkAutomation],
  ['render_stamp', checkRenderStamp],
  ['stuffing', checkStuffing],
  ['repeated_content', checkRepeatedContent],
  ['disposable_email', checkDisposableEmail],
];

/**
 * Sends an entry through the gates. The first refusal ends it, but a flagged entry is not refused any more: its sender
 * would learn from it.
 */
export async function judgeEntry(deps: GateDeps, entry: Entry): Promise<Judgement> {
  let judgement: Judgement = {
    gates: [],
    verdict: 'accepted',
    reasons: [],
    refusal: null,
    mayBeRepeat: false,
  };
  for (const [name, check] of gates) {
    judgement = add(judgement, name, await check(entry, deps));
    if (judgement.refusal !== null) break;
  }
  return judgement;
}

/** Sends an entry that the other gates let pass, and that can be kept, through the last one: its token is good once. */
export async function judgeCaptcha(
  deps: GateDeps,
  entry: Entry,
  judgement: Judgement,
): Promise<Judgement> {
  if (entry.form.captcha === null || judgement.verdict === 'flagged') return judgement;
  return add(judgement, 'captcha', await checkCaptcha(entry, deps));
}

function add(judgement: Judgement, gate: string, result: GateResult): Judgement {
  const gates = [...judgement.gates, { gate, result }];
  const { reasons } = judgement;
  if ('flag' in result) {
    return { ...judgement, gates, verdict: 'flagged', reasons: [...reasons, result.flag] };
  }
  if ('mark' in result) return { ...judgement, gates, reasons: [...reasons, result.mark] };
  if ('pass' in result || judgement.verdict === 'flagged') return { ...judgement, gates };
  const { refuse: refusal, mayBeRepeat = false } = result;
  return { ...judgement, gates, refusal, mayBeRepeat };
}
