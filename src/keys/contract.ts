import * as z from 'zod/mini';
import { rateText } from '../lib/rate.ts';
import { textOf } from '../lib/text.ts';
import { webOrigins } from '../lib/web-address.ts';

/** What a secret key can be allowed to do. */
export const scopes = [
  'leads:read',
  'leads:write',
  'forms:read',
  'forms:write',
  'files:read',
  'subscribers:read',
  'subscribers:write',
  'lists:read',
  'lists:write',
  'subjects:read',
  'subjects:write',
  'outbox:read',
  'outbox:write',
  'keys:read',
  'keys:write',
] as const;

export type Scope = (typeof scopes)[number];

const shared = {
  name: textOf(1, 100),
  origins: z._default(webOrigins, []),
  rate_limit: z._default(z.nullable(rateText), null),
  expires_at: z._default(z.nullable(z.iso.datetime({ offset: true })), null),
};

/** The body of `POST /v1/keys`. */
export const issueKeyBody = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    kind: z.literal('secret'),
    scopes: z.array(z.enum(scopes)).check(z.minLength(1), z.maxLength(scopes.length)),
  }),
  z.strictObject({ ...shared, kind: z.literal('publishable'), form_id: textOf(1, 60) }),
]);

export type IssueKeyBody = z.output<typeof issueKeyBody>;

/** The body of `POST /v1/keys/verify`. */
export const verifyKeyBody = z.strictObject({ key: textOf(1, 200) });

/** A key as it is shown: never the key itself. Times are ISO 8601. */
export type KeyJson = {
  id: string;
  kind: 'publishable' | 'secret';
  mode: 'live' | 'test';
  name: string;
  /** The beginning and the last four characters, to recognise it by. */
  hint: string;
  scopes: string[];
  origins: string[];
  form_id: string | null;
  rate_limit: string | null;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  created_at: string;
};
