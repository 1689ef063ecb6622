import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What has to be the same after a restart. Only its owner may read it. */
export type StackFile = {
  appSecret: string;
  redisToken: string;
  demo: Demo | null;
};

/** A form to post to and keys to try things with. */
export type Demo = { formId: string; secretKey: string; publishableKey: string };

/** What `dev.json` tells scripts about a stack that is ready. */
export type DevFile = {
  url: string;
  databaseUrl: string;
  redisRestUrl: string;
  redisRestToken: string;
  mailboxUrl: string;
  secretKey: string;
  publishableKey: string;
  formId: string;
  formUrl: string;
};

/** Reads the stack's own file, or makes it with fresh secrets. */
export function readStackFile(dataDir: string): StackFile {
  mkdirSync(dataDir, { recursive: true });
  const path = stackFilePath(dataDir);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as StackFile;
  const file = { appSecret: randomSecret(), redisToken: randomSecret(), demo: null };
  writeStackFile(dataDir, file);
  return file;
}

export function writeStackFile(dataDir: string, file: StackFile): void {
  writePrivately(stackFilePath(dataDir), file);
}

export function writeDevFile(dataDir: string, file: DevFile): void {
  writePrivately(join(dataDir, 'dev.json'), file);
}

export function removeDevFile(dataDir: string): void {
  rmSync(join(dataDir, 'dev.json'), { force: true });
}

/** What a running stack wrote; null where none runs. */
export function readDevFile(dataDir: string): DevFile | null {
  const path = join(dataDir, 'dev.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DevFile) : null;
}

function stackFilePath(dataDir: string): string {
  return join(dataDir, 'stack.json');
}

function writePrivately(path: string, content: object): void {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

function randomSecret(): string {
  return randomBytes(32).toString('hex');
}
