import type { Context } from 'hono';
import type { Deps } from '../deps.ts';
import type { ErrorCode } from '../errors.ts';
import type { Visit } from '../forms/door/visit.ts';
import type { Identity } from '../keys/verify-key.ts';

/** What middleware leaves for the handlers after it. */
export type AppEnv = {
  Variables: {
    deps: Deps;
    requestId: string;
    /** The keyed hash of the caller's address bucket. */
    ipHash: string;
    /** Set by the guard; handlers behind it read it with `identityOf`. */
    identity?: Identity;
    /** Set by the guard, even when it refuses: the origins of the key or its form, whose pages may read the answer. */
    keyOrigins?: string[];
    /** Set by the public door, as soon as it knows the form. */
    visit?: Visit;
    /** Set when Redis was away. */
    limitsSkipped?: true;
    /** Set when the answer is a problem. */
    errorCode?: ErrorCode;
  };
};

export type AppContext = Context<AppEnv>;
