import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** Words at the command line that make no command. The message is a sentence for the one who typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option with a word behind it, and one that may be given again. */
export const text = { type: 'string' } as const;
export const texts = { type: 'string', multiple: true } as const;

/**
 * Reads options such as `--name value`, and the words between them, of which there must be as many as `expected`
 * names. Throws {@link UsageError}, which quotes no word: it could be a key.
 */
export function readParameters<const T extends ParseArgsOptionsConfig>(
  parameters: string[],
  options: T,
  expected: string[] = [],
) {
  const { values, positionals } = parse(parameters, options);
  const missing = expected[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (positionals.length > expected.length) {
    const allowed = expected.length === 0 ? 'options only' : `${expected.join(' and ')} alone`;
    throw new UsageError(`there are words too many: this takes ${allowed}`);
  }
  return { values, words: positionals };
}

/** Reads the one word that a command takes, such as `<id>`. Throws {@link UsageError}. */
export function readWord(parameters: string[], expected: string): string {
  return readParameters(parameters, {}, [expected]).words[0] ?? '';
}

function parse<const T extends ParseArgsOptionsConfig>(parameters: string[], options: T) {
  try {
    return parseArgs({ args: parameters, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(firstSentence((error as Error).message), { cause: error });
  }
}

/** The first sentence of a message, without the advice and traces that may come after it. */
function firstSentence(message: string): string {
  return message.split(/\n|\. /, 1)[0]?.replace(/\.$/, '') ?? '';
}
