import { equalInConstantTime, keyedHash } from '../../lib/hashing.ts';
import { pass, type Entry, type Verdict } from './gate.ts';

/** Nobody fills in a form within 2 s, and a page that is open for longer than a day was saved by a program. */
const fastestMs = 2_000;
const stalestMs = 86_400_000;
/** Two of our machines may disagree about the time by so much. */
const skewMs = 60_000;

/** A stamp that says when a form was shown: epoch milliseconds in base 36, and their HMAC for this form. */
export async function makeRenderStamp(secret: string, formId: string, at: number): Promise<string> {
  const time = at.toString(36);
  return `${time}.${await keyedHash(secret, 'render-stamp', `${formId} ${time}`)}`;
}

/** Flags an entry that came faster than people type, or with a stamp of another form or of long ago. */
export async function checkRenderStamp(entry: Entry, secrets: string[]): Promise<Verdict> {
  const { control, form, at } = entry;
  if (control.renderStamp === null) return pass;
  const [time = ''] = control.renderStamp.split('.');
  const shownAt = /^[\da-z]{1,11}$/.test(time) ? Number.parseInt(time, 36) : Number.NaN;
  const genuine = await Promise.all(
    secrets.map(async (secret) =>
      equalInConstantTime(
        control.renderStamp ?? '',
        await makeRenderStamp(secret, form.id, shownAt),
      ),
    ),
  );
  if (!genuine.includes(true) || shownAt > at + skewMs) return { flag: 'forged_stamp' };
  if (at - shownAt < fastestMs) return { flag: 'too_fast' };
  return at - shownAt > stalestMs ? { flag: 'stale_stamp' } : pass;
}
