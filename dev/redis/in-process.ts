import { randomUUID } from 'node:crypto';
import { sha1 } from './scripts.ts';
import type { Command, Reply, Store } from './store.ts';

type Implementation = (...args: string[]) => Promise<unknown>;

/** A Redis inside this process, for machines without one. It forgets everything at the end and knows fewer commands. */
export async function openInProcess(): Promise<Store> {
  const { default: RedisMock } = await import('ioredis-mock');
  // Two mocks with the same host share their data.
  const mock = new RedisMock({ host: randomUUID() });
  const implementations = new Map<string, Implementation>();
  for (const [name, value] of Object.entries(mock) as [string, unknown][]) {
    // Each command has a Buffer twin; nothing else on the object has.
    if (typeof value === 'function' && Object.hasOwn(mock, `${name}Buffer`)) {
      implementations.set(name, value as Implementation);
    }
  }
  const scripts = new Map<string, string>();

  async function execute(name: string, args: string[]): Promise<Reply> {
    const [first = '', ...rest] = args;
    const [keyCount = '0', ...keysAndArgs] = rest;
    switch (name) {
      case 'eval':
      case 'eval_ro':
        scripts.set(sha1(first), first);
        return scriptReply(await mock.eval(first, keyCount, ...keysAndArgs));
      case 'evalsha':
      case 'evalsha_ro': {
        const script = scripts.get(first.toLowerCase());
        if (script === undefined) return new Error('NOSCRIPT No matching script. Please use EVAL.');
        return scriptReply(await mock.eval(script, keyCount, ...keysAndArgs));
      }
      case 'script':
        return manageScripts(first.toLowerCase(), rest);
      case 'set':
        // The mock overlooks options in lower case, which is how the SDK writes them.
        return plainReply(
          await implementations.get(name)?.(...args.slice(0, 2), ...args.slice(2).map(upperCase)),
        );
      default:
        return plainReply(await implementations.get(name)?.(...args));
    }
  }

  function manageScripts(subcommand: string, args: string[]): Reply {
    const script = args[0];
    if (subcommand === 'load' && script !== undefined) {
      scripts.set(sha1(script), script);
      return sha1(script);
    }
    if (subcommand === 'exists') return args.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0));
    if (subcommand === 'flush') {
      scripts.clear();
      return 'OK';
    }
    return new Error('ERR unknown subcommand or wrong number of arguments for SCRIPT');
  }

  const unknown = ([name]: Command): Error | null =>
    implementations.has(lowerCase(name)) || /^(eval_ro|evalsha_ro|script)$/i.test(name)
      ? null
      : new Error(`ERR unknown command '${name}' (in-process Redis)`);

  async function run(command: Command): Promise<Reply> {
    const [name, ...args] = command;
    try {
      return unknown(command) ?? (await execute(lowerCase(name), args));
    } catch (error) {
      return errorReply(error);
    }
  }

  return {
    run,
    async transaction(commands) {
      if (commands.some(unknown))
        return new Error('EXECABORT Transaction discarded because of previous errors.');
      // The mock does its work before it returns the promise, so commands started in one go run alone and in order.
      return Promise.all(commands.map(run));
    },
    async close() {
      await mock.flushall();
      mock.disconnect();
    },
  };
}

const lowerCase = (text: string): string => text.toLowerCase();
const upperCase = (text: string): string => text.toUpperCase();

function plainReply(value: unknown): Reply {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return new Error('ERR value is not an integer or out of range');
  if (typeof value === 'number') return Number.isInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((part: unknown) => plainReply(part));
  if (value instanceof Uint8Array) return Buffer.from(value);
  // HGETALL: ioredis makes an object of what Redis sends as a flat list.
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .flat()
      .map((part: unknown) => plainReply(part));
  return null;
}

/** Lua's own conversion rules: fractions are cut off, true is 1, false is nil. */
function scriptReply(value: unknown): Reply {
  if (Array.isArray(value)) return value.map(scriptReply);
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'boolean') return value ? 1 : null;
  return plainReply(value);
}

function errorReply(error: unknown): Error {
  // Lua adds a traceback after the first line.
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return new Error(/^[A-Z]+ /.test(text) ? text : `ERR ${text}`);
}
