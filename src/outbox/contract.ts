import * as z from 'zod/mini';
import { outboxStates } from '../../drizzle/outbox.ts';
import { textOf } from '../lib/text.ts';

/** What `GET /v1/outbox` can be asked for. */
export const outboxFilter = z.strictObject({ state: z.optional(z.enum(outboxStates)) });

export type OutboxFilter = z.output<typeof outboxFilter>;

/** The body of `POST /v1/outbox/retry`: what ended for this reason; null: what was given up after all its attempts. */
export const retryBody = z.strictObject({ reason: z.nullable(textOf(1, 100)) });

/** Something that is to be sent, or was, as it is shown. Times are ISO 8601. */
export type OutboxJson = {
  id: string;
  topic: string;
  /** What it tells of, by id. */
  resource_id: string;
  state: (typeof outboxStates)[number];
  attempts: number;
  /** A word for what went wrong last. */
  last_error: string | null;
  /** When it is tried next; null for one that has ended. */
  due_at: string | null;
  ended_at: string | null;
  created_at: string;
};
