import type { Deps } from '../deps.ts';
import type { Outcome } from '../lib/delivery-outcome.ts';
import { keyedHash } from '../lib/hashing.ts';
import type { ConfirmationFor } from './queries.ts';

/**
 * Counts mails by the domain that they go to, all in one call, and says by their confirmations' ids which are to wait:
 * whoever signs up one address after the other of a company floods it no faster. Those come back when the window is
 * over, and then ever later, so that a flood of them does not keep others waiting. With Redis away all may go.
 */
export async function postponeByDomain(
  deps: Pick<Deps, 'limiter' | 'config' | 'logger' | 'now'>,
  wanted: ConfirmationFor[],
): Promise<Map<string, Outcome>> {
  if (wanted.length === 0) return new Map();
  const { secrets, limits } = deps.config;
  const rate = limits.confirmationsPerDomain;
  const windows = await Promise.all(
    wanted.map(async ({ subscriber: { emailKey } }) => {
      const domain = emailKey.slice(emailKey.lastIndexOf('@') + 1);
      const subject = await keyedHash(secrets[0], 'mail-domain', domain);
      return { name: 'confirmations', rate, subject };
    }),
  );
  const counted = await deps.limiter.count(windows);
  if (counted === null) {
    const names = ['LIMIT_CONFIRMATIONS_PER_DOMAIN'];
    deps.logger.fault({ fault: 'limits_skipped', names });
    return new Map();
  }
  const at = deps.now();
  return new Map(
    wanted.flatMap((of, index): [string, Outcome][] => {
      const window = counted[index];
      if (window === undefined || window.allowed) return [];
      const afterMs = Math.max(window.resetAt - at, at - of.createdAt);
      return [[of.id, { kind: 'postponed', reason: 'domain_limit', afterMs }]];
    }),
  );
}
