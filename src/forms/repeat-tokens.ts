import type { SentFile } from '../files/contract.ts';
import { idempotencyKeyMs, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { keyOfContent } from '../idempotency/statements.ts';
import { sha256 } from '../lib/hashing.ts';
import { minuteMs } from '../lib/units.ts';
import type { UncountedEntry } from './gates/gate.ts';
import type { Judgement } from './judge-entry.ts';

/** The same entry within this time is the same one: a double click, or a page that was loaded again. */
const collapseMs = 30_000;
/** No provider takes a captcha's token that is older. */
const captchaMs = 5 * minuteMs;

/**
 * By what the same entry is recognised: the key that its sender gave it, its captcha, and all that it says, its files
 * too. The verdict counts with the latter, since a visitor may send the same words again without what made them look
 * like spam.
 */
export async function repeatTokens(
  { entry: { form, content, control }, files }: { entry: UncountedEntry; files: SentFile[] },
  { verdict, gates }: Judgement,
  idempotencyKey: string | null,
): Promise<IdempotencyToken[]> {
  const hashes = await Promise.all(
    files.map(async ({ field, bytes }) => [field, await sha256(bytes)]),
  );
  const fingerprint = await sha256(JSON.stringify([form.id, content, hashes]));
  const token = (key: string, keptMs: number) => ({ sender: form.id, key, fingerprint, keptMs });
  const isSpent = gates.some(({ gate, result }) => gate === 'captcha' && !('mark' in result));
  const captcha = isSpent ? control.captchaToken : null;
  return [
    ...(idempotencyKey === null ? [] : [token(idempotencyKey, idempotencyKeyMs)]),
    ...(captcha === null ? [] : [token(`captcha ${await sha256(captcha)}`, captchaMs)]),
    token(keyOfContent(`${verdict} ${fingerprint}`), collapseMs),
  ];
}
