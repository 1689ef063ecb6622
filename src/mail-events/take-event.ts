import type { Deps } from '../deps.ts';
import { check } from '../lib/check.ts';
import { parseEmail } from '../lib/email.ts';
import { parseMailAddress } from '../lib/mail-address.ts';
import { aboutBounce, aboutMail, resendEvent } from './contract.ts';
import { suppressPeople, type Lost } from './suppress-people.ts';

/** Something that Resend tells, whose signature was right. */
export type SignedEvent = { id: string; json: unknown; requestId: string };

/**
 * Acts on what Resend tells of a mail: a bounce for good, an address on its list of those, and a complaint. All else is
 * ignored, and so is what is about several people, since it does not say whom of them: ours go to one each.
 */
export async function takeEvent(
  deps: Pick<Deps, 'database' | 'config' | 'now'>,
  { id, json, requestId }: SignedEvent,
): Promise<'noted' | 'ignored'> {
  const [reason, to] = readEvent(json) ?? [];
  const email = to?.length === 1 ? parseEmail(parseMailAddress(to[0] ?? '')?.address ?? '') : null;
  if (reason === undefined || email === null) return 'ignored';
  const lost = { emailKey: email.key, reason, eventId: id };
  await suppressPeople(deps, [lost], { actor: 'mail:resend', requestId });
  return 'noted';
}

function readEvent(json: unknown): [reason: Lost['reason'], to: string[]] | null {
  const { type } = check(resendEvent, json);
  switch (type) {
    case 'email.bounced': {
      const { to, bounce } = check(aboutBounce, json).data;
      return bounce.type === 'Permanent' ? ['bounced', to] : null;
    }
    case 'email.suppressed':
      return ['bounced', check(aboutMail, json).data.to];
    case 'email.complained':
      return ['complained', check(aboutMail, json).data.to];
    default:
      return null;
  }
}
