import type { Hono } from 'hono/tiny';
import { createApp, createMisconfiguredApp } from './app.ts';
import { createDepsFactory } from './deps.ts';
import { ConfigError, parseEnv, type Config } from './env.ts';
import { purgeFiles, purgeStrayBytes } from './files/purge-files.ts';
import type { AppEnv } from './http/context.ts';
import { purgeIdempotencyKeys } from './idempotency/purge-idempotency-keys.ts';
import { purgeOutbox } from './outbox/purge-outbox.ts';
import { sendDue } from './outbox/send-due.ts';
import { consoleLogger } from './platform/logger.ts';
import { purgeLeads } from './retention/purge-leads.ts';
import { purgeConfirmations, purgeSubscriptions } from './retention/purge-subscriptions.ts';
import { runTask } from './run-task.ts';

/** The app of each environment that this isolate has seen: one in a deployment. */
const apps = new WeakMap<object, Hono<AppEnv>>();

/** Milliseconds that the work of one cron run may take. */
const taskWithinMs = 20_000;

/** The cron of wrangler.toml that sends what is due; the other one removes what is over. */
const everyMinute = '* * * * *';
const purges = {
  purge_idempotency_keys: purgeIdempotencyKeys,
  purge_files: purgeFiles,
  purge_stray_bytes: purgeStrayBytes,
  purge_outbox: purgeOutbox,
  purge_leads: purgeLeads,
  purge_subscriptions: purgeSubscriptions,
  purge_confirmations: purgeConfirmations,
};

export default {
  fetch(request, env, context) {
    return appFor(env).fetch(request, env, context);
  },
  async scheduled({ cron }, env, context) {
    const deps = createDepsFactory(readConfig(env))(context, taskWithinMs);
    const tasks = Object.entries(cron === everyMinute ? { drain_outbox: sendDue } : purges);
    const runs = await Promise.allSettled(tasks.map(([name, work]) => runTask(deps, name, work)));
    // One that fails keeps no other from its work, and is what the platform notes of this run.
    for (const run of runs) if (run.status === 'rejected') throw run.reason;
  },
} satisfies ExportedHandler<object>;

function appFor(env: object): Hono<AppEnv> {
  const known = apps.get(env);
  if (known !== undefined) return known;
  const app = buildApp(env);
  apps.set(env, app);
  return app;
}

function buildApp(env: object): Hono<AppEnv> {
  try {
    return createApp(createDepsFactory(readConfig(env)));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return createMisconfiguredApp();
  }
}

/** The log gets the fields that are wrong. Throws {@link ConfigError}, by which the platform notes a failed cron run. */
function readConfig(env: object): Config {
  try {
    return parseEnv(env);
  } catch (error) {
    if (error instanceof ConfigError)
      consoleLogger.fault({ fault: 'misconfigured', names: error.problems });
    throw error;
  }
}
