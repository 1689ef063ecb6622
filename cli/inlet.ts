import { AppError } from '../src/errors.ts';
import * as forms from './forms.ts';
import * as keys from './keys.ts';
import { applyMigrations } from './migrations.ts';
import { firstSentence, UsageError } from './parameters.ts';

type Command = { run: (parameters: string[]) => Promise<void>; usage: string };

const commands: Record<string, Command> = {
  migrate: {
    run: applyMigrations,
    usage: '[--url libsql://… --auth-token …]   apply the migrations that the database lacks',
  },
  'forms create': {
    run: forms.create,
    usage: '--name … [--source …] [--category …]',
  },
  'forms list': { run: forms.list, usage: '' },
  'keys issue': {
    run: keys.issue,
    usage:
      '--kind secret --name … --scopes leads:read,…|all, or --kind publishable --name … --form form_…\n' +
      '                [--origin https://…]… [--rate-limit 1000/1h] [--expires-at 2027-01-31T00:00:00Z]',
  },
  'keys list': { run: keys.list, usage: '' },
  'keys verify': { run: keys.verify, usage: '<key>, or - to read it from standard input' },
  'keys revoke': { run: keys.revoke, usage: '<id>' },
};

const help = `npm run inlet -- <command>, each with --json

${Object.entries(commands)
  .map(([name, { usage }]) => `  ${name.padEnd(14)}${usage}`)
  .join('\n')}

Works on the database of TURSO_DATABASE_URL and TURSO_AUTH_TOKEN, for keys also with APP_SECRET and ENVIRONMENT;
with none of them, on the local stack that runs.`;

try {
  const words = process.argv.slice(2);
  if (words.length === 0 || words[0] === 'help' || words.includes('--help')) {
    console.log(help);
  } else {
    await runCommand(words);
  }
} catch (error) {
  console.error(`inlet: ${sentenceFor(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function runCommand(words: string[]): Promise<void> {
  for (const length of [2, 1]) {
    const command = commands[words.slice(0, length).join(' ')];
    if (command !== undefined) {
      await command.run(words.slice(length));
      return;
    }
  }
  throw new UsageError('there is no such command; `npm run inlet -- help` lists them');
}

function sentenceFor(error: unknown): string {
  if (error instanceof AppError) {
    const fields = error.fields.map(({ field, message }) => `${field} ${message}`);
    return [firstSentence(error.message), ...fields].join('; ');
  }
  return error instanceof Error ? firstSentence(error.message) : 'something went wrong';
}
