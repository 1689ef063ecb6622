import type { SentFile } from '../files/contract.ts';
import { idempotencyKeyMs, type IdempotencyToken } from '../idempotency/answer-once.ts';
import { keyOfContent } from '../idempotency/statements.ts';
import { sha256 } from '../lib/hashing.ts';
import { minuteMs } from '../lib/units.ts';
import { captchaFailed } from './gates/captcha.ts';
import type { UncountedEntry } from './gates/gate.ts';
import type { Judgement } from './judge-entry.ts';

/** The same entry within this time is the same one: a double click, or a page that was loaded again. */
const collapseMs = 30_000;
/** No provider takes a captcha's token that is older. */
const captchaMs = 5 * minuteMs;

/**
 * By what the same entry is recognised: the key that its sender gave it, its captcha, and all that it says, its files
 * too. The verdict counts with the latter, since a visitor may send the same words again without what made them look
 * like spam; and where they sign somebody up so does the sender, since an earlier answer would tell others of it.
 */
export async function repeatTokens(
  { entry: { form, content, control }, files }: { entry: UncountedEntry; files: SentFile[] },
  { verdict, gates }: Judgement,
  { idempotencyKey, ipHash }: { idempotencyKey: string | null; ipHash: string },
): Promise<IdempotencyToken[]> {
  const hashes = await Promise.all(
    files.map(async ({ field, bytes }) => [field, await sha256(bytes)]),
  );
  const fingerprint = await sha256(JSON.stringify([form.id, content, hashes]));
  const token = (key: string, keptMs: number): IdempotencyToken => ({
    ...{ sender: form.id, key, fingerprint, keptMs },
  });
  const sender = form.kind === 'newsletter' ? `${ipHash} ` : '';
  const tokens = [token(keyOfContent(`${sender}${verdict} ${fingerprint}`), collapseMs)];
  const isSpent = gates.some(({ gate, result }) => gate === 'captcha' && !('mark' in result));
  if (form.captcha !== null && control.captchaToken !== null && isSpent) {
    const key = `captcha ${await sha256(control.captchaToken)}`;
    tokens.unshift({ ...token(key, captchaMs), refusal: captchaFailed(form.captcha.provider) });
  }
  return idempotencyKey === null ? tokens : [token(idempotencyKey, idempotencyKeyMs), ...tokens];
}
