import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../cli/migrate.ts';
import { seedDemo } from './demo.ts';
import { lockDataDir } from './lock.ts';
import { startMailbox } from './mailbox.ts';
import { answers, freePorts, isFree } from './ports.ts';
import { startRedisRest } from './redis/redis-rest.ts';
import { readSettings, type Settings } from './settings.ts';
import { readStackFile, removeDevFile, writeDevFile, writeStackFile } from './stack-file.ts';
import { superviseSqld } from './supervise.ts';
import { until } from './until.ts';

/** A Worker that was started, and how it ends: by itself, with a sentence, or when told to. */
export type RunningWorker = { ended: Promise<string>; stop: () => Promise<void> };

/** Starts the Worker on the settings' port with these vars and secrets. */
export type StartWorker = (
  settings: Settings,
  bindings: Record<string, string>,
) => Promise<RunningWorker>;

const workerWithinMs = 60_000;

/** Runs the whole service on this machine until SIGINT or SIGTERM. The exit code is 1 when something fails. */
export async function runStack(name: string, startWorker: StartWorker): Promise<void> {
  const stops: (() => unknown)[] = [];
  let ending = false;
  const end = async (exitCode: number, line?: string): Promise<void> => {
    if (ending) return;
    ending = true;
    if (line !== undefined) console.error(`${name}: ${line}`);
    for (const stop of stops.reverse()) await stop();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

  try {
    const settings = readSettings(process.env, process.argv.slice(2));
    await start(settings, startWorker, {
      onStop: (stop) => stops.push(stop),
      say: (line) => console.error(`${name}: ${line}`),
      fail: (line) => void end(1, line),
    });
  } catch (error) {
    await end(1, (error as Error).message);
  }
}

async function start(
  settings: Settings,
  startWorker: StartWorker,
  on: { onStop: (stop: () => unknown) => void; say: (line: string) => void; fail: (line: string) => void },
): Promise<void> {
  const { port, dataDir } = settings;
  if (!(await isFree(port))) throw new Error(`port ${port} is already in use; set PORT to another one`);
  on.onStop(lockDataDir(dataDir));
  removeDevFile(dataDir);
  const file = readStackFile(dataDir);
  const [databasePort = 0, redisPort = 0, mailboxPort = 0] = await freePorts(3, port + 1);

  const database = await superviseSqld({
    dataDir,
    port: databasePort,
    say: on.say,
    giveUp: on.fail,
  });
  on.onStop(database.stop);
  const redisDir = join(dataDir, 'redis');
  mkdirSync(redisDir, { recursive: true });
  const redis = await startRedisRest({
    port: redisPort,
    token: file.redisToken,
    dataDir: redisDir,
    redisUrl: settings.redisUrl,
    onBackendExit: on.say,
  });
  on.onStop(redis.close);
  const mailbox = await startMailbox({ port: mailboxPort });
  on.onStop(mailbox.close);
  await migrate({ url: database.url, authToken: null });
  const demo = await seedDemo(database.url, file.appSecret, file.demo);
  writeStackFile(dataDir, { ...file, demo });

  const url = `http://localhost:${port}`;
  const worker = await startWorker(settings, {
    PUBLIC_URL: url,
    TURSO_DATABASE_URL: database.url,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    APP_SECRET: file.appSecret,
    ...settings.vars,
  });
  on.onStop(worker.stop);
  await until(async () => (await answers(port)) && (await isLive(port)), {
    withinMs: workerWithinMs,
    failure: `the Worker did not answer within ${workerWithinMs / 1_000} s`,
    ended: worker.ended,
  });
  void worker.ended.then(on.fail);

  writeDevFile(dataDir, {
    url,
    databaseUrl: database.url,
    redisRestUrl: redis.url,
    redisRestToken: redis.token,
    mailboxUrl: mailbox.url,
    secretKey: demo.secretKey,
    publishableKey: demo.publishableKey,
    formId: demo.formId,
    formUrl: `${url}/f/${demo.formId}`,
  });
  on.onStop(() => removeDevFile(dataDir));
  on.say(`ready on ${url} (database ${database.url}, Redis ${redis.backend}, mailbox ${mailbox.url})`);
  on.say(`try: curl -i ${url}/v1/leads -H 'Authorization: Bearer ${demo.secretKey}'`);
}

async function isLive(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null);
  return response?.ok ?? false;
}
