import { migrate } from './migrate.ts';
import { print } from './output.ts';
import { readParameters } from './parameters.ts';
import { readDatabase } from './target.ts';

/** `migrate`: applies the migrations that a database lacks. */
export async function applyMigrations(parameters: string[]): Promise<void> {
  const { values } = readParameters(parameters, {
    json: { type: 'boolean' },
    url: { type: 'string' },
    'auth-token': { type: 'string' },
  });
  const target =
    values.url === undefined
      ? readDatabase(process.env)
      : { url: values.url, authToken: values['auth-token'] ?? null };
  const applied = await migrate(target).catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
    throw new Error('the database does not answer: check its address and that it runs', {
      cause: error,
    });
  });
  print(values.json === true ? { applied } : applied.map((name) => [`applied ${name}`]), values);
}
