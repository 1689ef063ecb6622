/** Limits of ours that put mails off: words for the log and the operator. */
export const ourLimits = ['domain_limit', 'mailbox_limit'] as const;

export type OurLimit = (typeof ourLimits)[number];

/**
 * What became of something that was sent. `failed` is tried again, no sooner than after `retryAfterMs` where the receiver
 * said so; `refused` never is; `postponed` was not tried at all, or met a quota, and is due again after `afterMs`. The reason is a word for the log and the operator, never the receiver's text.
 */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'failed'; reason: string; retryAfterMs: number | null }
  | { kind: 'postponed'; reason: string; afterMs: number }
  | { kind: 'refused'; reason: string };

/** What the reason begins with where a topic threw: nobody knows how far it came. */
export const thrown = 'thrown_';
