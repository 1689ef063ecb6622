import { equalInConstantTime, keyedHash, sha256 } from '../../lib/hashing.ts';
import type { Limit } from '../../platform/limiter.ts';
import { pass, type Entry, type GateDeps, type GateResult } from './gate.ts';
import { dayMs, hourMs, minuteMs } from '../../lib/units.ts';

/** Nobody fills in a form within 2 s, and `embed.js` sends no stamp that is older than a day. */
const fastestMs = 2_000;
const stalestMs = dayMs;
/** Two of our machines may disagree about the time by so much. */
const skewMs = minuteMs;

/** How often one page view may send: mistakes are mended, and somebody may have two things to say. */
const rate = { limit: 10, windowMs: hourMs };

const shape = /^[\da-z]{1,11}\.[\da-f]{64}$/;

/** A stamp that says when a form was shown: epoch milliseconds in base 36, and their HMAC for this form. */
export async function makeRenderStamp(secret: string, formId: string, at: number): Promise<string> {
  const time = at.toString(36);
  return `${time}.${await keyedHash(secret, 'render-stamp', `${formId} ${time}`)}`;
}

/** The window in which the uses of one stamp are counted; null for what is none. */
export async function stampLimit({ form, control }: Stamped): Promise<Limit | null> {
  const stamp = control.renderStamp;
  if (stamp === null || !shape.test(stamp)) return null;
  return { name: 'stamp', rate, subject: `${form.id}:${await sha256(stamp)}` };
}

type Stamped = Pick<Entry, 'form' | 'control'>;

/** Flags an entry that came faster than people type, or with a stamp of another form, of long ago or of a crowd. */
export async function checkRenderStamp(
  entry: Stamped & Pick<Entry, 'at' | 'repeated'>,
  { config }: { config: Pick<GateDeps['config'], 'secrets'> },
): Promise<GateResult> {
  const { control, form, at, repeated } = entry;
  const stamp = control.renderStamp;
  if (stamp === null) return pass;
  if (!shape.test(stamp)) return { flag: 'forged_stamp' };
  const shownAt = Number.parseInt(stamp, 36);
  const genuine = await Promise.all(
    config.secrets.map(async (secret) =>
      equalInConstantTime(stamp, await makeRenderStamp(secret, form.id, shownAt)),
    ),
  );
  if (!genuine.includes(true) || shownAt > at + skewMs) return { flag: 'forged_stamp' };
  if (at - shownAt < fastestMs) return { flag: 'too_fast' };
  if (at - shownAt > stalestMs) return { flag: 'stale_stamp' };
  return repeated.includes('stamp') ? { flag: 'reused_stamp' } : pass;
}
