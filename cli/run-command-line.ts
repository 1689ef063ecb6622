import { AppError } from '../src/errors.ts';
import type { Command, Outcome } from './command.ts';
import { helpOn } from './help.ts';
import { sentenceFor } from './input.ts';
import { UsageError } from './parameters.ts';

/** Runs the command that the words name. Exit code 1 for a failure and 2 for a mistake in the words, each with a line. */
export async function runCommandLine(words: string[], commands: Command[]): Promise<void> {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    // Whoever reads the output may have read enough, as `head` does.
    if (code === 'EPIPE') process.exit();
    console.error(`inlet: the output cannot be written (${code})`);
    process.exit(1);
  });
  const flags = ['--json', '--help', '-h'].filter((flag) => words.includes(flag));
  const asJson = flags.includes('--json');
  const rest = words.filter((word) => !flags.includes(word));
  const helpWanted =
    rest.length === 0 || rest[0] === 'help' || flags.some((flag) => /h/.test(flag));
  try {
    if (helpWanted)
      console.log(
        helpOn(
          rest.filter((word) => word !== 'help'),
          commands,
        ),
      );
    else print(await run(rest, commands, asJson), asJson);
  } catch (error) {
    console.error(`inlet: ${lineFor(error)}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

function run(words: string[], commands: Command[], asJson: boolean): Promise<Outcome> {
  const [first = ''] = words;
  const command = commands.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  if (command !== undefined) {
    return command.run(words.slice(command.name.split(' ').length), asJson);
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  const known = (group.length > 0 ? group : commands).map(({ name }) => name);
  throw new UsageError(`there is no such command; there are ${known.join(', ')}`);
}

function print({ json, text, note, printed, negative }: Outcome, asJson: boolean): void {
  if (printed !== true) console.log(asJson ? JSON.stringify(json, null, 2) : text);
  if (note !== undefined && !asJson) console.error(note);
  if (negative === true) process.exitCode = 1;
}

function lineFor(error: unknown): string {
  if (error instanceof AppError && error.fields.length > 0) return sentenceFor(error.fields);
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
