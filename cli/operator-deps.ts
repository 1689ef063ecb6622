import type { Deps } from '../src/deps.ts';
import type { Config, KeyConfig } from '../src/env.ts';
import { createFormCache } from '../src/forms/form-cache.ts';
import { createKeyCache } from '../src/keys/key-cache.ts';
import { openDatabase } from '../src/platform/database.ts';

/** What an operator's command works on. */
export type Target = KeyConfig &
  Pick<Config, 'database' | 'subjectSecrets'> & {
    /** Where the service answers; empty where the operator has not said. */
    publicUrl: string;
  };

/** The part of a use case's dependencies that makes sense outside of a request. */
export type OperatorDeps = Pick<
  Deps,
  'database' | 'keyCache' | 'formCache' | 'now' | 'deadline' | 'waitUntil'
> & { config: KeyConfig & Pick<Config, 'publicUrl' | 'subjectSecrets'> };

const timeoutMs = 10_000;

/** Opens what the use cases need, with more time for the database than a visitor would give it. */
export function openOperatorDeps(target: Target): OperatorDeps {
  return {
    config: {
      environment: target.environment,
      secrets: target.secrets,
      subjectSecrets: target.subjectSecrets,
      publicUrl: target.publicUrl,
    },
    database: openDatabase({
      ...target.database,
      progress: { answeredAt: 0 },
      timeoutMs: () => timeoutMs,
    }),
    keyCache: createKeyCache(),
    formCache: createFormCache(),
    now: () => Date.now(),
    deadline: { at: Date.now() + timeoutMs },
    waitUntil: (work) => void work,
  };
}
