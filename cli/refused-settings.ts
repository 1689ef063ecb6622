import { ConfigError, parseEnv } from '../src/env.ts';

/** What the Worker would not accept of some of its settings, in sentences that hold no value. */
export function refusedSettings(settings: Record<string, string>): string[] {
  try {
    parseEnv(settings);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The others are about what is not here.
    return error.problems.filter((problem) =>
      Object.hasOwn(settings, problem.split(' ', 1)[0] ?? ''),
    );
  }
}
