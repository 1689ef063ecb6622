import { resolve } from 'node:path';
import { readDevFile, readStackFile } from '../dev/stack-file.ts';
import type { Target } from './operator-deps.ts';
import { UsageError } from './parameters.ts';

type Environment = Record<string, string | undefined>;

const environments = ['development', 'staging', 'production'] as const;

/** The database that the environment names, else the one of the local stack that runs. */
export function readDatabase(environment: Environment): Target['database'] {
  const url = environment['TURSO_DATABASE_URL'];
  if (url) return { url, authToken: environment['TURSO_AUTH_TOKEN'] || null };
  const stack = readDevFile(dataDirOf(environment));
  if (stack !== null) return { url: stack.databaseUrl, authToken: null };
  throw new UsageError('set TURSO_DATABASE_URL (and TURSO_AUTH_TOKEN), or start the local stack');
}

/** What commands about keys work on. */
export function readTarget(environment: Environment): Target {
  const database = readDatabase(environment);
  if (!environment['TURSO_DATABASE_URL']) {
    const dataDir = dataDirOf(environment);
    const stack = readStackFile(dataDir);
    if (stack === null) throw new UsageError(`there is no stack in ${dataDir}; start it`);
    return { database, secrets: [stack.appSecret], environment: 'development' };
  }
  const [current, previous] = [environment['APP_SECRET'], environment['APP_SECRET_PREVIOUS']];
  if (!current) throw new UsageError('set APP_SECRET to the one of the deployment');
  const name = environments.find((each) => each === environment['ENVIRONMENT']);
  if (name === undefined) throw new UsageError(`set ENVIRONMENT to ${environments.join(', ')}`);
  return { database, secrets: previous ? [current, previous] : [current], environment: name };
}

function dataDirOf(environment: Environment): string {
  return resolve(environment['DATA_DIR'] ?? '.data');
}
