import { createClient, LibsqlError, type Client } from '@libsql/client/http';
import { OperatorError } from './command.ts';

/** Where a database is. */
export type Address = { url: string; authToken: string | null };

const withinMs = 10_000;

/** Opens a client for a database that answers. Throws {@link OperatorError}. */
export async function reachDatabase({ url, authToken }: Address): Promise<Client> {
  const host = hostOf(url);
  let status = 0;
  try {
    const client = createClient({
      url,
      ...(authToken === null ? {} : { authToken }),
      fetch: async (request: Request) => {
        const response = await fetch(request, { signal: AbortSignal.timeout(withinMs) });
        ({ status } = response);
        return response;
      },
    });
    await client.execute('SELECT 1');
    return client;
  } catch (error) {
    throw new OperatorError(reasonFor(error, status, host), { cause: error });
  }
}

/** Says nothing of an address but its host, since a token may be part of it. */
export function hostOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).host;
  throw new OperatorError('the address of the database is no URL such as libsql://name.turso.io');
}

function reasonFor(error: unknown, status: number, host: string): string {
  if (status === 401 || status === 403) return `${host} refuses the auth token (HTTP ${status})`;
  if (error instanceof LibsqlError && error.code.startsWith('URL_')) {
    return 'the address of the database must begin with libsql://, https:// or http://';
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `the database at ${host} did not answer within ${withinMs / 1_000} s`;
  }
  if (status === 0)
    return `the database at ${host} cannot be reached (${codeOf(error)}); does it run?`;
  return `what answers at ${host} is no libSQL database, or not a well one (HTTP ${status})`;
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return 'no connection';
}
