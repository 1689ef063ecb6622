import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const demo = z.object({
  formId: z.string(),
  secretKey: z.string(),
  publishableKey: z.string(),
  /** Empty in the file of an earlier version, which had none. */
  newsletterFormId: z._default(z.string(), ''),
});

const stackFile = z.object({
  appSecret: z.string().check(z.minLength(43)),
  redisToken: z.string().check(z.minLength(1)),
  demo: z.nullable(demo),
});

const devFile = z.object({
  url: z.url(),
  databaseUrl: z.url(),
  redisRestUrl: z.url(),
  redisRestToken: z.string(),
  mailboxUrl: z.url(),
  demoUrl: z.url(),
  secretKey: z.string(),
  publishableKey: z.string(),
  formId: z.string(),
  formUrl: z.url(),
  newsletterFormUrl: z.url(),
});

/** What has to be the same after a restart. Only its owner may read it. */
export type StackFile = z.infer<typeof stackFile>;

/** A form to post to and keys to try things with. */
export type Demo = z.infer<typeof demo>;

/** What `dev.json` tells scripts about a stack that is ready. */
export type DevFile = z.infer<typeof devFile>;

/** Reads the stack's own file; null where there never was a stack. */
export function readStackFile(dataDir: string): StackFile | null {
  return read(
    stackFilePath(dataDir),
    stackFile,
    'delete the folder to begin afresh, or the file alone to keep the data but lose every key',
  );
}

/** The file of a new stack, with fresh secrets. */
export function newStackFile(): StackFile {
  return { appSecret: randomSecret(), redisToken: randomSecret(), demo: null };
}

export function writeStackFile(dataDir: string, file: StackFile): void {
  writePrivately(stackFilePath(dataDir), file);
}

export function writeDevFile(dataDir: string, file: DevFile): void {
  writePrivately(devFilePath(dataDir), file);
}

export function removeDevFile(dataDir: string): void {
  rmSync(devFilePath(dataDir), { force: true });
}

/** What a running stack wrote; null where none runs. */
export function readDevFile(dataDir: string): DevFile | null {
  return read(devFilePath(dataDir), devFile, 'start the stack again');
}

function stackFilePath(dataDir: string): string {
  return join(dataDir, 'stack.json');
}

function devFilePath(dataDir: string): string {
  return join(dataDir, 'dev.json');
}

function read<T extends z.ZodMiniType>(
  path: string,
  schema: T,
  advice: string,
): z.output<T> | null {
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path} cannot be read; ${advice}`, { cause: error });
  }
}

/** In one step, so that nobody reads half of it. */
function writePrivately(path: string, content: object): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

function randomSecret(): string {
  return randomBytes(32).toString('hex');
}
