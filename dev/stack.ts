import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrate } from '../cli/migrate.ts';
import { settingNames } from '../src/env.ts';
import type { Child } from './child.ts';
import { startCron } from './cron.ts';
import { startDemoPage } from './demo-page.ts';
import { lockDataDir } from './lock.ts';
import { startMailbox } from './mailbox.ts';
import { answersHttp, freePorts, obstacleAt } from './ports.ts';
import { startRedisRest } from './redis/redis-rest.ts';
import { runToTheEnd, type Run } from './run.ts';
import { seedDemo } from './seed-demo.ts';
import { readSettings, type Settings } from './settings.ts';
import {
  newStackFile,
  readStackFile,
  removeDevFile,
  writeDevFile,
  writeStackFile,
  type StackFile,
} from './stack-file.ts';
import { keepSqldRunning } from './sqld.ts';
import { orAbort, until } from './until.ts';

/** Starts the Worker on the settings' port with these vars and secrets. Leaves nothing behind when it throws. */
export type StartWorker = (
  settings: Settings,
  bindings: Record<string, string>,
  signal: AbortSignal,
) => Promise<Child>;

const workerWithinMs = 60_000;

/** Known to anybody, and refused outside development: a bounce can be tried with it. */
const webhookSecret = 'whsec_exampleOfThisMachineAloneExample';

type Health = { checks?: { configuration?: string } };

/** Runs the whole service on this machine until it is told to end. */
export async function runStack(name: string, startWorker: StartWorker): Promise<never> {
  return runToTheEnd(name, (run) => start(run, startWorker));
}

async function start(run: Run, startWorker: StartWorker): Promise<void> {
  const settings = readSettings(process.env, process.argv.slice(2));
  // What the shell has set is for the command line, and may be those of a deployment.
  for (const name of settingNames()) delete process.env[name];
  const { port, dataDir } = settings;
  await takeDataDir(run, dataDir);
  const obstacle = await obstacleAt(port);
  if (obstacle !== null) throw new Error(`${obstacle}; set PORT to another one`);

  const file = readStackFile(dataDir) ?? newStackFile();
  writeStackFile(dataDir, file);
  const { database, redis, mailbox } = await startServices(run, settings, file);
  await orAbort(migrate({ url: database.url, authToken: null }), run.signal);
  const demo = await orAbort(seedDemo(database.url, file.appSecret, file.demo), run.signal);
  writeStackFile(dataDir, { ...file, demo });

  const url = `http://localhost:${port}`;
  const formUrl = `${url}/f/${demo.formId}`;
  const newsletterFormUrl = `${url}/f/${demo.newsletterFormId}`;
  const [demoPort = 0] = await freePorts(1, firstPort(port));
  const links = { formUrl, newsletterFormUrl, mailboxUrl: mailbox.url };
  const demoPage = await startDemoPage({ port: demoPort, ...links });
  run.onEnd(demoPage.close);
  const bindings = {
    PUBLIC_URL: url,
    TURSO_DATABASE_URL: database.url,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    APP_SECRET: file.appSecret,
    MAIL_PROVIDER: 'resend',
    MAIL_FROM: 'Inlet <inlet@localhost.example>',
    RESEND_API_KEY: 'key-of-the-mailbox-which-takes-any',
    RESEND_URL: mailbox.url,
    RESEND_WEBHOOK_SECRET: webhookSecret,
    ...settings.vars,
  };
  const worker = await startWorker(settings, bindings, run.signal);
  run.onEnd(worker.stop);
  await waitForWorker(run, worker, port);
  run.onEnd(startCron(`http://127.0.0.1:${port}`));

  run.onEnd(() => removeDevFile(dataDir));
  writeDevFile(dataDir, {
    url,
    databaseUrl: database.url,
    redisRestUrl: redis.url,
    redisRestToken: redis.token,
    mailboxUrl: mailbox.url,
    demoUrl: demoPage.url,
    secretKey: demo.secretKey,
    publishableKey: demo.publishableKey,
    formId: demo.formId,
    formUrl,
    newsletterFormUrl,
  });
  run.say(
    `ready on ${url} (database ${database.url}, Redis ${redis.backend}, mailbox ${mailbox.url})`,
  );
  run.say(`forms to try: ${demoPage.url}`);
  run.say(`try: curl -i ${url}/v1/leads -H 'Authorization: Bearer ${demo.secretKey}'`);
}

async function takeDataDir(run: Run, dataDir: string): Promise<void> {
  try {
    makeFolder(dataDir);
    run.onEnd(await lockDataDir(dataDir));
    removeDevFile(dataDir);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Error(`DATA_DIR ${dataDir} cannot be used (${error.code})`, { cause: error });
  }
}

/** Like mkdir's recursive mode, which never returns below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

async function startServices(run: Run, { port, dataDir, redisUrl }: Settings, file: StackFile) {
  const [databasePort = 0, redisPort = 0, mailboxPort = 0] = await freePorts(3, firstPort(port));
  const { signal, say, fail } = run;
  const keeping = { signal, say, fail };
  const database = await keepSqldRunning({ ...keeping, dataDir, port: databasePort });
  run.onEnd(database.stop);
  const redisDir = join(dataDir, 'redis');
  mkdirSync(redisDir, { recursive: true });
  const redis = await startRedisRest({
    ...keeping,
    port: redisPort,
    token: file.redisToken,
    dataDir: redisDir,
    redisUrl,
  });
  run.onEnd(redis.close);
  const mailbox = await startMailbox({ port: mailboxPort });
  run.onEnd(mailbox.close);
  return { database, redis, mailbox };
}

/** Apart from what other stacks listen on, and below the ports that outgoing connections take. */
function firstPort(port: number): number {
  return port + (port < 22_000 ? 10_000 : -10_000);
}

async function waitForWorker(run: Run, worker: Child, port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  await until(() => answersHttp(`${url}/health/live`), {
    withinMs: workerWithinMs,
    failure: `the Worker did not answer within ${workerWithinMs / 1_000} s`,
    ended: worker.ended,
    signal: run.signal,
  });
  void worker.ended.then((end) => run.fail(new Error(end.line)));
  const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).catch(
    () => null,
  );
  if (health === null) throw new Error('the Worker started, but did not answer within 5 s');
  const body = (await health.json().catch(() => null)) as Health | null;
  if (body?.checks?.configuration === 'failed') {
    throw new Error('the Worker refuses its configuration; its log above names the fields');
  }
  // It runs, as it was told to with --var, but not for those who call it by this name.
  if (!health.ok) run.say(`${url}/health answers HTTP ${health.status}`);
}
