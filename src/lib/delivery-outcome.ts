/**
 * What became of something that was sent. `failed` is tried again, no sooner than after `retryAfterMs` where the receiver
 * said so; `refused` never is. The reason is a word for the log and the operator, never the receiver's text.
 */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'failed'; reason: string; retryAfterMs: number | null }
  | { kind: 'refused'; reason: string };
