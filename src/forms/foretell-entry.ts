import type { Deps } from '../deps.ts';
import { AppError, type FieldError } from '../errors.ts';
import { checkFiles } from '../files/check-files.ts';
import type { SentFile } from '../files/contract.ts';
import { leadOfForm, toLead } from '../leads/new-lead.ts';
import { presentLead } from '../leads/present-lead.ts';
import { openLeadOf, type Lead } from '../leads/statements.ts';
import type { Content } from '../lib/content.ts';
import { checkLead } from './check-lead.ts';
import { checkSignUp, personIn } from './check-sign-up.ts';
import type { Entry, GateDeps, UncountedEntry } from './gates/gate.ts';
import { judgeCaptcha, judgeEntry, type Judgement } from './judge-entry.ts';
import { languageIn, mapLead } from './map-lead.ts';
import { touchSince } from './touch-since.ts';

type SentEntry = {
  entry: UncountedEntry;
  files: SentFile[];
  /** The names of the control fields in it. */
  stripped: string[];
};

/**
 * Says what would become of an entry. Nothing is stored or sent, and no gate counts it: whether a text came again and
 * again is not asked, and the captcha only where there is a token.
 */
export async function foretellEntry(
  deps: GateDeps & Pick<Deps, 'database'>,
  { entry: sent, files, stripped }: SentEntry,
): Promise<object> {
  const entry: Entry = { ...sent, repeated: [] };
  const { form } = entry;
  const checked = checkFiles(form.uploads, files);
  const { lead, signUp, errors } = readEntry(entry, checked.errors);
  const { gates, verdict, refusal } = await judge(deps, entry, errors.length === 0);
  const isKept = refusal === null && errors.length === 0;
  const arrives = isKept && verdict === 'accepted' ? lead : null;
  const touched = arrives === null ? null : await findTouched(deps, form, arrives);
  return {
    dry_run: true,
    verdict: isKept ? verdict : 'refused',
    gates,
    lead: lead === null ? null : { ...presentLead(lead), id: undefined },
    ...(form.kind === 'newsletter' ? { sign_up: signUp } : {}),
    files: checked.accepted.map(({ field, filename, kind, mediaType, bytes }) => ({
      field,
      filename,
      kind,
      media_type: mediaType,
      bytes: bytes.length,
    })),
    errors: [...(refusal?.fields ?? []), ...errors],
    unmapped: listUnmapped(entry),
    control: stripped,
    repeat: arrives === null ? null : touched === null ? 'new' : 'touch',
    touched_lead_id: touched,
    notifications: arrives === null ? 0 : form.notifyEmails.length,
  };
}

type Read = { lead: Lead | null; signUp: object | null; errors: FieldError[] };

function readEntry({ form, lead: mapped, language, at }: Entry, ofFiles: FieldError[]): Read {
  try {
    if (form.kind === 'newsletter') {
      const { email, full_name, list_id } = checkSignUp(mapped, form, language, ofFiles);
      const signUp = { email: email.address, full_name, list_id, language };
      return { lead: null, signUp, errors: [] };
    }
    const lead = toLead(leadOfForm(checkLead(mapped, ofFiles), form), at);
    return { lead, signUp: null, errors: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { lead: null, signUp: null, errors: error.fields };
  }
}

async function judge(deps: GateDeps, entry: Entry, valid: boolean) {
  const judged = await judgeEntry(deps, entry);
  const hasNoToken = entry.form.captcha !== null && entry.control.captchaToken === null;
  const asked = valid && !hasNoToken && judged.refusal === null;
  const { gates, ...rest } = asked ? await judgeCaptcha(deps, entry, judged) : judged;
  return { ...rest, gates: gates.map(presentGate) };
}

function presentGate({ gate, result }: Judgement['gates'][number]) {
  if ('flag' in result) return { gate, verdict: 'flag', reason: result.flag };
  if ('mark' in result) return { gate, verdict: 'mark', reason: result.mark };
  if (!('refuse' in result)) return { gate, verdict: 'pass' };
  return { gate, verdict: 'refuse', reason: result.refuse.code };
}

/** The lead of the same person that the entry would come to; null where it would make one. */
async function findTouched(
  { database }: Pick<Deps, 'database'>,
  form: Entry['form'],
  { emailKey, createdAt }: Lead,
): Promise<string | null> {
  const since = touchSince(form, createdAt);
  if (since === null || emailKey === null) return null;
  const [open] = await database.read((orm) => openLeadOf(orm, emailKey, since));
  return open?.id ?? null;
}

/** The fields without which the lead or sign-up would be the same. */
function listUnmapped({ form, content }: Entry): string[] {
  const textOf = (fields: Content) => {
    const mapped = mapLead(fields);
    const isSignUp = form.kind === 'newsletter';
    return JSON.stringify(isSignUp ? [personIn(mapped), languageIn(fields, form)] : mapped.fields);
  };
  const whole = textOf(content);
  return Object.keys(content).filter((name) => {
    const { [name]: _, ...others } = content;
    return textOf(others) === whole;
  });
}
