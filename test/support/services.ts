import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../cli/migrate.ts';
import { freePorts } from '../../dev/ports.ts';
import { startRedisRest } from '../../dev/redis/redis-rest.ts';
import { startSqld } from '../../dev/sqld.ts';
import { startCaptchaStandIn } from './captcha-stand-in.ts';
import { captchaSecrets } from './captcha-tokens.ts';
import { startFaultServer } from './fault-server.ts';
import { mailKey, startMailStandIn, webhookSecret } from './mail-stand-in.ts';

/** What this process prints, as one line of JSON, once everything answers. */
export type Services = { bindings: Record<string, string>; faultUrl: string; redis: string };

// What the Worker depends on: a libSQL server, Redis, and a server that misbehaves. Ends with its standard input.
const dataDir = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const [databasePort = 0] = await freePorts(1, 21_000 + (process.pid % 5_000));
const database = await startSqld({ dataDir, port: databasePort });
await migrate({ url: database.url, authToken: null });
const redis = await startRedisRest({
  port: 0,
  token: 'token-of-the-tests',
  dataDir,
  redisUrl: process.env['REDIS_URL'],
});
const faults = await startFaultServer({ databaseUrl: database.url, redisUrl: redis.url });

const captcha = await startCaptchaStandIn();
const mail = await startMailStandIn();

const services: Services = {
  redis: redis.backend,
  faultUrl: faults.url,
  bindings: {
    TURSO_DATABASE_URL: database.url,
    UPSTASH_REDIS_REST_URL: redis.url,
    UPSTASH_REDIS_REST_TOKEN: redis.token,
    APP_SECRET: 'Q1w8Zr4tYp0sDf6gHj2kLx9cVb3nMq7aWe5rTy1uIo8p',
    TURNSTILE_SECRET_KEY: captchaSecrets['turnstile'] ?? '',
    HCAPTCHA_SECRET_KEY: captchaSecrets['hcaptcha'] ?? '',
    RECAPTCHA_SECRET_KEY: captchaSecrets['recaptcha'] ?? '',
    CAPTCHA_URL: captcha.url,
    MAIL_PROVIDER: 'resend',
    MAIL_FROM: 'Inlet <inlet@mail.example>',
    RESEND_API_KEY: mailKey,
    RESEND_URL: mail.url,
    RESEND_WEBHOOK_SECRET: webhookSecret,
  },
};
console.log(JSON.stringify(services));

process.stdin.resume().once('end', async () => {
  await captcha.close();
  await mail.close();
  await faults.close();
  await redis.close();
  await database.child.stop();
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(0);
});
