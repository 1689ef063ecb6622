import type { Command } from './command.ts';
import { UsageError } from './parameters.ts';
import { toColumns } from './table.ts';

const targetHelp = `It works on the database that TURSO_DATABASE_URL and TURSO_AUTH_TOKEN name, with APP_SECRET,
APP_SECRET_PREVIOUS, SUBJECT_SECRET and ENVIRONMENT as its deployment has them. Where none of them is set, it works
on the local stack that runs in DATA_DIR (.data). With --json it prints JSON.`;

/** Help on every command, on those of a group such as `keys`, or on one. */
export function helpOn(words: string[], commands: Command[]): string {
  const name = words.join(' ');
  const chosen = commands.filter((command) => `${command.name} `.startsWith(`${name} `));
  const [only] = chosen;
  if (name === '') return `${list(commands)}\n\n${targetHelp}`;
  if (only === undefined) throw new UsageError('there is no help on that; see "help"');
  return chosen.length > 1 ? list(chosen) : detail(only);
}

function list(commands: Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `npm run inlet -- <command>\n\n${toColumns(rows)}\n\nMore on each: npm run inlet -- help <command>`;
}

function detail({ name, summary, takes }: Command): string {
  const rows = takes.map(([what, meaning]) => [`  ${what}`, meaning]);
  return [`npm run inlet -- ${name}`, summary, ...(rows.length > 0 ? [toColumns(rows)] : [])].join(
    '\n\n',
  );
}
