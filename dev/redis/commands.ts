import type { Command } from './store.ts';

// They would stop the server, block or change the connection that all requests share, or reach outside the data.
const refusedNames = new Set(
  `ACL ASKING AUTH BGREWRITEAOF BGSAVE BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN CLIENT CLUSTER
   CONFIG DEBUG DISCARD EXEC FAILOVER HELLO LATENCY MIGRATE MODULE MONITOR MULTI PSUBSCRIBE PSYNC PUNSUBSCRIBE QUIT
   READONLY READWRITE REPLCONF REPLICAOF RESET SAVE SELECT SHUTDOWN SLAVEOF SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SWAPDB
   SYNC UNSUBSCRIBE UNWATCH WAIT WAITAOF WATCH`.split(/\s+/),
);

/** The command in a JSON value, or null when there is none. */
export function readCommand(value: unknown): Command | null {
  if (!Array.isArray(value)) return null;
  const words: string[] = [];
  for (const word of value) {
    if (typeof word !== 'string' && typeof word !== 'number' && typeof word !== 'boolean')
      return null;
    words.push(String(word));
  }
  const [name, ...args] = words;
  return name ? [name, ...args] : null;
}

/** The commands in a JSON value, or null when it is not a list of one or more of them. */
export function readCommands(value: unknown): Command[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const commands = value.map(readCommand);
  return commands.every((command) => command !== null) ? commands : null;
}

/** The error for a command that a shared connection must not run, else null. */
export function refusal(command: Command): Error | null {
  const [name = '', ...args] = command.map((word) => word.toUpperCase());
  const refused =
    refusedNames.has(name) ||
    (name === 'SCRIPT' && (args[0] === 'DEBUG' || args[0] === 'KILL')) ||
    ((name === 'XREAD' || name === 'XREADGROUP') &&
      args.slice(0, args.indexOf('STREAMS')).includes('BLOCK'));
  return refused ? new Error(`ERR Command is not available: '${name}'`) : null;
}
