import { createHash } from 'node:crypto';
import type { Command, Reply, Store } from './store.ts';

type Translated = { command: Command; reply: (reply: Reply) => Reply };

const unchanged = (reply: Reply): Reply => reply;

/** The SHA1 under which Redis knows a script. */
export function sha1(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}

/**
 * Lets a store run scripts that begin with Upstash's `#!lua flags=allow-key-locking`, which ordinary Redis refuses.
 * The line is blanked, which changes the SHA1, so such scripts are remembered here under the SHA1 that clients know.
 * All other scripts pass untouched.
 */
export function withUpstashScripts(store: Store): Store {
  const blanked = new Map<string, string>();

  function blank(script: string): string {
    // The line break stays, so that line numbers in Lua's errors stay true.
    const body = script.replace(/^#!lua\b[^\n]*/, '');
    if (body !== script) blanked.set(sha1(script), body);
    return body;
  }

  function translate(command: Command): Translated {
    const [name, ...args] = command;
    const [first = '', ...rest] = args;
    switch (name.toUpperCase()) {
      case 'EVAL':
      case 'EVAL_RO':
        return {
          command: args.length === 0 ? command : [name, blank(first), ...rest],
          reply: unchanged,
        };
      case 'EVALSHA':
      case 'EVALSHA_RO': {
        const body = blanked.get(first.toLowerCase());
        if (body === undefined) return { command, reply: unchanged };
        return {
          command: [name.toUpperCase().replace('SHA', ''), body, ...rest],
          reply: unchanged,
        };
      }
      case 'SCRIPT':
        return translateScript(command, first.toUpperCase(), rest);
      default:
        return { command, reply: unchanged };
    }
  }

  function translateScript(command: Command, subcommand: string, args: string[]): Translated {
    const script = args[0];
    if (subcommand === 'LOAD' && script !== undefined) {
      const reply = (loaded: Reply): Reply => (loaded instanceof Error ? loaded : sha1(script));
      return { command: ['SCRIPT', 'LOAD', blank(script)], reply };
    }
    if (subcommand === 'EXISTS') {
      const known = args.map((sha) => blanked.has(sha.toLowerCase()));
      const reply = (found: Reply): Reply =>
        Array.isArray(found) ? found.map((element, index) => (known[index] ? 1 : element)) : found;
      return { command, reply };
    }
    if (subcommand === 'FLUSH') blanked.clear();
    return { command, reply: unchanged };
  }

  return {
    ...store,
    async run(command) {
      const translated = translate(command);
      return translated.reply(await store.run(translated.command));
    },
    async transaction(commands) {
      const translated = commands.map(translate);
      const replies = await store.transaction(translated.map(({ command }) => command));
      if (replies instanceof Error) return replies;
      return translated.map(({ reply }, index) => reply(replies[index] ?? null));
    },
  };
}
