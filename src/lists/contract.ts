import * as z from 'zod/mini';
import { listVisibilities, optInKinds } from '../../drizzle/lists.ts';
import { subscriptionStates, type SubscriptionState } from '../../drizzle/newsletter.ts';
import { nullableLines, nullableText, textOf } from '../lib/text.ts';

const settings = {
  name: textOf(1, 255),
  opt_in: z.enum(optInKinds),
  visibility: z.enum(listVisibilities),
  description: nullableLines(1_000),
  consent_text: nullableLines(2_000),
  consent_version: nullableText(100),
  retention_days: z.nullable(z.int().check(z.gte(1), z.lte(3_650))),
};

/** The body of `POST /v1/lists`. */
export const newListBody = z.strictObject({
  name: settings.name,
  opt_in: z._default(settings.opt_in, 'double'),
  visibility: z._default(settings.visibility, 'public'),
  description: z._default(settings.description, null),
  consent_text: z._default(settings.consent_text, null),
  consent_version: z._default(settings.consent_version, null),
  retention_days: z._default(settings.retention_days, null),
});

export type NewList = z.output<typeof newListBody>;

/** The body of `PATCH /v1/lists/{id}`: only what is named changes. */
export const listChangesBody = z
  .partial(z.strictObject(settings))
  .check(z.refine((changes) => Object.keys(changes).length > 0, 'must name at least one field'));

export type ListChanges = z.output<typeof listChangesBody>;

/** What `GET /v1/lists` can be asked for. */
export const listFilter = z.strictObject({ visibility: z.optional(settings.visibility) });

export type ListFilter = z.output<typeof listFilter>;

/** A list as it is shown among others. Times are ISO 8601. */
export type ListJson = NewList & {
  id: string;
  created_at: string;
  updated_at: string;
  version: number;
};

/** How many people are in each state on a list. */
export type Counts = Record<SubscriptionState, number>;

/** Nobody in any state. */
export const noCounts = Object.fromEntries(subscriptionStates.map((state) => [state, 0])) as Counts;

/** A list as it is shown by itself. */
export type CountedListJson = ListJson & { counts: Counts };
