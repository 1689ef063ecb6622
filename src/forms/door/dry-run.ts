import { AppError, type FieldError } from '../../errors.ts';
import { checkFiles } from '../../files/check-files.ts';
import type { AppContext } from '../../http/context.ts';
import { admit } from '../../http/guard.ts';
import { answerError } from '../../http/problem.ts';
import { hasDryRunHeader } from '../../http/wanted-answer.ts';
import { leadOfForm, toLead } from '../../leads/new-lead.ts';
import { presentLead } from '../../leads/present-lead.ts';
import { openLeadOf, type Lead } from '../../leads/statements.ts';
import type { Content } from '../../lib/content.ts';
import type { Entry, Verdict } from '../gates/gate.ts';
import { judgeEntry, judgeSender } from '../judge-entry.ts';
import { mapLead } from '../map-lead.ts';
import { touchSince } from '../touch-since.ts';
import { checkLead } from '../check-lead.ts';
import { nextPage } from './destinations.ts';
import type { ReadEntry } from './read-entry.ts';

/** Whether a request only asks what would become of an entry, by its header or by its field. */
export function asksForDryRun(c: AppContext, { control }: ReadEntry['entry']): boolean {
  return control.dryRun || hasDryRunHeader(c);
}

/**
 * Tells the holder of a secret key what would become of an entry, in JSON; 401 and 403 for anybody else, so that no
 * visitor learns what the gates think. Nothing is stored, sent or counted: whether a text came again and again is not
 * asked, and the captcha only where there is a token.
 */
export async function answerDryRun(c: AppContext, read: ReadEntry): Promise<Response> {
  try {
    await admit(c, { scope: 'leads:write' });
    return c.json(await foretell(c, read));
  } catch (error) {
    return answerError(error as Error, c);
  }
}

async function foretell(
  c: AppContext,
  { entry: sent, files, stripped }: ReadEntry,
): Promise<object> {
  const entry: Entry = { ...sent, repeated: [] };
  const { form, content, control } = entry;
  const checked = checkFiles(form.uploads, files);
  const { lead, errors } = readLead(entry, checked.errors);
  const { gates, verdict, refusal } = await judge(c, entry, lead !== null);
  const kept = refusal === null ? lead : null;
  const arrives = verdict === 'accepted' ? kept : null;
  const touched = arrives === null ? null : await findTouched(c, form, arrives);
  return {
    dry_run: true,
    verdict: kept === null ? 'refused' : verdict,
    gates,
    lead: lead === null ? null : { ...presentLead(lead), id: undefined },
    files: checked.accepted.map(({ field, filename, kind, mediaType, bytes }) => ({
      field,
      filename,
      kind,
      media_type: mediaType,
      bytes: bytes.length,
    })),
    errors: [...(refusal?.fields ?? []), ...errors],
    unmapped: listUnmapped(content),
    control: stripped,
    repeat: arrives === null ? null : touched === null ? 'new' : 'touch',
    touched_lead_id: touched,
    notifications: arrives === null ? 0 : form.notifyEmails.length,
    redirect_to: nextPage(c, form, control),
  };
}

function readLead({ form, lead, at }: Entry, ofFiles: FieldError[]) {
  try {
    return { lead: toLead(leadOfForm(checkLead(lead, ofFiles), form), at), errors: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { lead: null, errors: error.fields };
  }
}

async function judge(c: AppContext, entry: Entry, valid: boolean) {
  const { deps } = c.var;
  const judged = await judgeEntry(deps, entry);
  const spared = entry.form.captcha !== null && entry.control.captchaToken === null;
  const asked = valid && !spared && judged.refusal === null;
  const { gates, ...rest } = asked ? await judgeSender(deps, entry, judged) : judged;
  return { ...rest, gates: gates.map(describe) };
}

function describe({ gate, verdict }: { gate: string; verdict: Verdict }) {
  if ('flag' in verdict) return { gate, verdict: 'flag', reason: verdict.flag };
  if ('mark' in verdict) return { gate, verdict: 'mark', reason: verdict.mark };
  if (!('refuse' in verdict)) return { gate, verdict: 'pass' };
  return { gate, verdict: 'refuse', reason: verdict.refuse.code };
}

/** The lead of the same person that the entry would come to; null where it would make one. */
async function findTouched(
  c: AppContext,
  form: Entry['form'],
  { emailKey, createdAt }: Lead,
): Promise<string | null> {
  const since = touchSince(form, createdAt);
  if (since === null || emailKey === null) return null;
  const [open] = await c.var.deps.database.read((orm) => openLeadOf(orm, emailKey, since));
  return open?.id ?? null;
}

/** The fields without which the lead would be the same. */
function listUnmapped(content: Content): string[] {
  const whole = leadText(content);
  return Object.keys(content).filter((name) => {
    const { [name]: _, ...others } = content;
    return leadText(others) === whole;
  });
}

function leadText(content: Content): string {
  return JSON.stringify(mapLead(content).fields);
}
