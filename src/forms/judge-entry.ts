import type { Deps } from '../deps.ts';
import type { AppError } from '../errors.ts';
import { checkAutomation } from './gates/automation.ts';
import type { Entry, FlagReason, Verdict } from './gates/gate.ts';
import { checkOrigin } from './gates/origin.ts';
import { checkRenderStamp } from './gates/render-stamp.ts';
import { checkRepeatedContent } from './gates/repeated-content.ts';
import { checkStuffing } from './gates/stuffing.ts';

/** What each gate said, in their order, and what follows from it. */
export type Judgement = {
  gates: { gate: string; verdict: Verdict }[];
  reasons: FlagReason[];
  refusal: AppError | null;
};

type JudgeDeps = { config: Pick<Deps['config'], 'publicUrl' | 'secrets'> };

type Gate = { name: string; check: (entry: Entry, deps: JudgeDeps) => Verdict | Promise<Verdict> };

/** The cheapest first. The first refusal ends it. */
const gates: Gate[] = [
  { name: 'origin', check: (entry, { config }) => checkOrigin(entry, config.publicUrl) },
  { name: 'automation', check: checkAutomation },
  { name: 'render_stamp', check: (entry, { config }) => checkRenderStamp(entry, config.secrets) },
  { name: 'stuffing', check: checkStuffing },
  { name: 'repeated_content', check: checkRepeatedContent },
];

/** Sends an entry through the gates. */
export async function judgeEntry(deps: JudgeDeps, entry: Entry): Promise<Judgement> {
  const judgement: Judgement = { gates: [], reasons: [], refusal: null };
  for (const { name, check } of gates) {
    const verdict = await check(entry, deps);
    judgement.gates.push({ gate: name, verdict });
    if ('flag' in verdict) judgement.reasons.push(verdict.flag);
    if ('refuse' in verdict) return { ...judgement, refusal: verdict.refuse };
  }
  return judgement;
}
