import { resolve } from 'node:path';
import { readDevFile, readStackFile, type DevFile, type StackFile } from '../dev/stack-file.ts';
import { secretsOf, subjectSecretsOf } from '../src/env.ts';
import { knowsSubjects } from '../src/newsletter/knows-subjects.ts';
import { OperatorError } from './command.ts';
import { missingMigrations } from './migrate.ts';
import { openOperatorDeps, type OperatorDeps, type Target } from './operator-deps.ts';
import { hostOf, reachDatabase, type Address } from './reach.ts';
import { refusedSettings } from './refused-settings.ts';

type Environment = Record<string, string | undefined>;

const names = [
  'TURSO_DATABASE_URL',
  'TURSO_AUTH_TOKEN',
  'APP_SECRET',
  'APP_SECRET_PREVIOUS',
  'SUBJECT_SECRET',
  'ENVIRONMENT',
] as const;

const environments = ['development', 'staging', 'production'] as const;

type Settings = Partial<Record<(typeof names)[number], string>>;

/** Opens what the environment names, with all migrations there. Throws {@link OperatorError}. */
export async function openTarget(): Promise<OperatorDeps & { host: string }> {
  const target = findTarget(process.env);
  const client = await reachDatabase(target.database);
  if ((await missingMigrations(client)).length > 0) {
    throw new OperatorError('this database lacks migrations; run "npm run inlet -- migrate" first');
  }
  return { ...openOperatorDeps(target), host: hostOf(target.database.url) };
}

/**
 * Opens the same for what knows people by their hashes: made with other secrets than the deployment's, these would find
 * nobody, and keep nobody from being written to. Throws {@link OperatorError}.
 */
export async function openTargetOfSubjects(): Promise<OperatorDeps & { host: string }> {
  const deps = await openTarget();
  if (await knowsSubjects(deps)) return deps;
  const { secrets, subjectSecrets } = deps.config;
  throw new OperatorError(
    secrets.includes(subjectSecrets[0])
      ? 'the people there are known by another secret: set SUBJECT_SECRET as the deployment has it, and APP_SECRET_PREVIOUS if that is set'
      : 'the people there are known by another secret than SUBJECT_SECRET: set it as the deployment has it, or not at all',
  );
}

/** The database that the environment names, else that of the local stack. Throws {@link OperatorError}. */
export function findAddress(environment: Environment): Address {
  const settings = readSettings(environment);
  if (settings === null) return { url: findStack(environment).dev.databaseUrl, authToken: null };
  return toAddress(settings);
}

/** The deployment that the environment names, else the local stack. Throws {@link OperatorError}. */
export function findTarget(from: Environment): Target {
  const settings = readSettings(from);
  if (settings === null) {
    const { dev, file } = findStack(from);
    return {
      database: { url: dev.databaseUrl, authToken: null },
      secrets: [file.appSecret],
      subjectSecrets: [file.appSecret],
      environment: 'development',
      publicUrl: dev.url,
    };
  }
  const environment = environments.find((each) => each === settings.ENVIRONMENT);
  if (environment === undefined) {
    throw new OperatorError(`ENVIRONMENT must be set to ${environments.join(', ')}`);
  }
  const problems = refusedSettings(settings);
  if (problems.length > 0) throw new OperatorError(problems.join('; '));
  const database = toAddress(settings);
  const secrets = { ...settings, APP_SECRET: need(settings, 'APP_SECRET') };
  return {
    database,
    secrets: secretsOf(secrets),
    subjectSecrets: subjectSecretsOf(secrets),
    environment,
    publicUrl: from['PUBLIC_URL'] ?? '',
  };
}

/** What is set of the names; null where nothing says that it is about a deployment. */
function readSettings(environment: Environment): Settings | null {
  const set = names.flatMap((name) => {
    const value = environment[name] ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const settings: Settings = Object.fromEntries(set);
  const { ENVIRONMENT: kind = 'development', ...others } = settings;
  if (Object.keys(others).length === 0 && kind === 'development') return null;
  return settings;
}

function toAddress(settings: Settings): Address {
  const url = need(settings, 'TURSO_DATABASE_URL');
  return { url, authToken: settings.TURSO_AUTH_TOKEN ?? null };
}

function need(settings: Settings, name: keyof Settings): string {
  const value = settings[name];
  if (value !== undefined) return value;
  throw new OperatorError(`${name} is not set, while ${Object.keys(settings).join(', ')} is`);
}

function findStack(environment: Environment): { dev: DevFile; file: StackFile } {
  const dataDir = resolve(environment['DATA_DIR'] || '.data');
  const [dev, file] = [readDevFile(dataDir), readStackFile(dataDir)];
  if (dev !== null && file !== null) return { dev, file };
  throw new OperatorError(
    `no local stack runs in ${dataDir}: start one with "npm run dev", or set TURSO_DATABASE_URL, APP_SECRET and ENVIRONMENT`,
  );
}
