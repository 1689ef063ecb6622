import type { Command } from './command.ts';
import { migrate } from './migrate.ts';
import { readParameters } from './parameters.ts';
import { reachDatabase } from './reach.ts';
import { findAddress } from './target.ts';

/** `migrate`: needs no secret, so that it can run before a deployment has any. */
export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Apply the migrations that a database lacks',
  takes: [
    ['--url <libsql://…>', 'the database; else TURSO_DATABASE_URL, else the local stack'],
    ['--auth-token <token>', 'its token; else TURSO_AUTH_TOKEN, which others cannot see in ps'],
  ],
  async run(parameters) {
    const { values } = readParameters(parameters, {
      url: { type: 'string' },
      'auth-token': { type: 'string' },
    });
    const address = findAddress({
      ...process.env,
      ...(values.url === undefined ? {} : { TURSO_DATABASE_URL: values.url }),
      ...(values['auth-token'] === undefined ? {} : { TURSO_AUTH_TOKEN: values['auth-token'] }),
    });
    await reachDatabase(address);
    const applied = await migrate(address);
    const text = applied.length === 0 ? 'nothing to apply' : applied.join('\n');
    return { json: { applied }, text };
  },
};
