import type { Deps } from '../deps.ts';
import type { OurLimit, Outcome } from '../lib/delivery-outcome.ts';
import { mailboxOf } from '../lib/email.ts';
import { keyedHash } from '../lib/hashing.ts';
import type { Rate } from '../lib/rate.ts';
import { dayMs } from '../lib/units.ts';
import type { ConfirmationFor } from './queries.ts';

/** As many mails as go to one address: whoever finds other ways to write it gets no more to it. */
const perMailbox: Rate = { limit: 3, windowMs: dayMs };

/** Why a mail waits, in the order of its windows; where both are full, for the later and longer one. */
const reasons: OurLimit[] = ['domain_limit', 'mailbox_limit'];

/**
 * Counts mails by the domain and the mailbox that they go to, all in one call, and says by their confirmations' ids
 * which are to wait: whoever signs up one address after the other of a company floods it no faster. Those come back when
 * the window is over, and then ever later, so that a flood of them does not keep others waiting. With Redis away all may
 * go.
 */
export async function postponeConfirmations(
  deps: Pick<Deps, 'limiter' | 'config' | 'logger' | 'now'>,
  wanted: ConfirmationFor[],
): Promise<Map<string, Outcome>> {
  if (wanted.length === 0) return new Map();
  const { secrets, limits } = deps.config;
  const windows = await Promise.all(
    wanted.map(async ({ subscriber: { emailKey } }) => {
      const mailbox = mailboxOf(emailKey);
      const domain = mailbox.slice(mailbox.lastIndexOf('@') + 1);
      const [byDomain, byMailbox] = await Promise.all([
        keyedHash(secrets[0], 'mail-domain', domain),
        keyedHash(secrets[0], 'mailbox', mailbox),
      ]);
      return [
        { name: 'confirmations', rate: limits.confirmationsPerDomain, subject: byDomain },
        { name: 'confirmations-mailbox', rate: perMailbox, subject: byMailbox },
      ];
    }),
  );
  const counted = await deps.limiter.count(windows.flat(), reasons.length);
  if (counted === null) {
    const names = ['LIMIT_CONFIRMATIONS_PER_DOMAIN'];
    deps.logger.fault({ fault: 'limits_skipped', names });
    return new Map();
  }
  const at = deps.now();
  return new Map(
    wanted.flatMap((of, index): [string, Outcome][] => {
      const own = reasons.map((_, which) => counted[index * reasons.length + which]);
      const which = own.findLastIndex((window) => window?.allowed === false);
      const [reason, full] = [reasons[which], own[which]];
      if (reason === undefined || full === undefined) return [];
      const afterMs = Math.max(full.resetAt - at, at - of.createdAt);
      return [[of.id, { kind: 'postponed', reason, afterMs }]];
    }),
  );
}
