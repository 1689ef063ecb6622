import { createClient, type Client } from '@libsql/client/http';
import type { SQL } from 'drizzle-orm';
import { AppError, invalidFields } from '../errors.ts';
import { startDeadline, type Progress } from './deadline.ts';
import { openOrm, runBatch, type Orm, type Statement } from './orm.ts';

export type { Orm, Statement };

/** A row, parts of which SQL may make. */
export type WithSql<T> = { [Name in keyof T]: T[Name] | SQL };

/** The libSQL database. Both calls throw `unavailable` when it does not answer in time. */
export type Database = {
  /** Runs one query: one network hop, which may be given less time than usual, in milliseconds. */
  read<T>(query: (orm: Orm) => PromiseLike<T>, withinMs?: number): Promise<T>;
  /**
   * Runs statements as one transaction that takes the write lock at once: one network hop, all or nothing.
   * Built anew for each try, so every id must be made outside. Throws {@link ConstraintError}.
   */
  write(statements: (orm: Orm) => Statement[]): Promise<unknown[]>;
};

/** A write that the schema refused. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
  readonly constraint: 'unique' | 'foreign_key' | 'not_null' | 'other';

  constructor(constraint: ConstraintError['constraint']) {
    super(`The schema refused the write (${constraint}).`);
    this.constraint = constraint;
  }
}

/** The error to throw: the field's, where a write named a row that is not there; any other as it is. */
export function explainReference(error: unknown, field: string, what: string): unknown {
  if (error instanceof ConstraintError && error.constraint === 'foreign_key') {
    return invalidFields([{ field, code: 'not_found', message: `is no ${what}` }]);
  }
  return error;
}

type DatabaseOptions = {
  url: string;
  authToken: string | null;
  /** Milliseconds that a call may take from now, its retries included. */
  timeoutMs: (kind: 'read' | 'write') => number;
  /** Shared by the requests of an isolate: while others are answered, a call waits longer. */
  progress: Progress;
};

/**
 * Opens a client for one request. A client shared by requests hangs under load in workerd: its queue resumes one
 * request from another. Opening costs no network hop.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const call = async <T>(
    act: (orm: Orm, client: Client) => PromiseLike<T>,
    withinMs: number,
  ): Promise<T> => {
    const deadline = startDeadline(withinMs, options.progress);
    const client = openClient(options, deadline.signal);
    const orm = openOrm(client);
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const result = await act(orm, client);
          options.progress.answeredAt = Date.now();
          return result;
        } catch (error) {
          const failure = classify(error);
          if (failure.kind === 'constraint') throw new ConstraintError(failure.constraint);
          if (failure.kind === 'bug') throw new DatabaseBug(failure.code);
          const hopeless =
            failure.kind === 'unreachable' && (attempt >= 3 || failure.reason === tooLarge);
          if (deadline.signal.aborted || hopeless) throw unavailable(failure.reason);
          await pause(attempt);
        }
      }
    } finally {
      deadline.stop();
    }
  };
  return {
    read: (query, withinMs = Infinity) =>
      call(query, Math.min(withinMs, options.timeoutMs('read'))),
    write: (statements) =>
      call((orm, client) => runBatch(client, statements(orm)), options.timeoutMs('write')),
  };
}

/**
 * Reads so many rows, or by halves fewer where they are so large that they fit into no answer: others may have made them
 * so. Says how many were asked for in the end.
 */
export async function readFewer<T>(
  database: Pick<Database, 'read'>,
  most: number,
  query: (orm: Orm, count: number) => PromiseLike<T[]>,
): Promise<{ rows: T[]; count: number }> {
  for (let count = most; ; count = Math.ceil(count / 2)) {
    try {
      return { rows: await database.read((orm) => query(orm, count)), count };
    } catch (error) {
      const isTooLarge = error instanceof AppError && error.reason === tooLarge;
      if (!isTooLarge || count === 1) throw error;
    }
  }
}

/** A statement that the database cannot run: our mistake. Its text stays here, since it may quote values. */
export class DatabaseBug extends Error {
  override readonly name = 'DatabaseBug';
  constructor(code: string) {
    super(`The database refused a statement (${code}).`);
  }
}

function openClient(options: DatabaseOptions, signal: AbortSignal): Client {
  return createClient({
    url: options.url,
    ...(options.authToken === null ? {} : { authToken: options.authToken }),
    // Over HTTP the client has no deadline of its own.
    fetch: (request: Request) => fetch(request, { signal }),
  });
}

const transient = /^(SQLITE_(BUSY|LOCKED|SCHEMA|INTERRUPT)|TRANSACTION_TIMEOUT|STREAM_EXPIRED)/;
/** What was asked for does not fit into an answer, however often it is asked for. */
const tooLarge = 'RESPONSE_TOO_LARGE';
const ourMistake = /^(SQLITE_(ERROR|MISMATCH|RANGE|MISUSE|TOOBIG)|SQL_PARSE_ERROR)/;

type Failure =
  | { kind: 'constraint'; constraint: ConstraintError['constraint'] }
  | { kind: 'busy'; reason: string }
  | { kind: 'unreachable'; reason: string }
  | { kind: 'bug'; code: string };

/** Tells failures apart by the server's code; only constraints need its text, which goes no further. */
function classify(error: unknown): Failure {
  const [code, text] = codeOf(error);
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    if (/UNIQUE|PRIMARY KEY/.test(text)) return { kind: 'constraint', constraint: 'unique' };
    if (text.includes('FOREIGN KEY')) return { kind: 'constraint', constraint: 'foreign_key' };
    if (text.includes('NOT NULL')) return { kind: 'constraint', constraint: 'not_null' };
    return { kind: 'constraint', constraint: 'other' };
  }
  if (transient.test(code)) return { kind: 'busy', reason: code };
  if (ourMistake.test(code)) return { kind: 'bug', code };
  return { kind: 'unreachable', reason: code };
}

/** The code of an error, or its name. The client wraps the network's error. */
function codeOf(error: unknown): [code: string, text: string] {
  let name = 'unknown';
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return [at.code, at.message];
    name = at.name;
  }
  return [name, ''];
}

function unavailable(reason: string): AppError {
  return new AppError('unavailable', 'The service cannot reach its database. Try again shortly.', {
    retryAfter: 5,
    reason,
  });
}

/** Waits 25–50 ms, doubled at each try up to 160–320 ms: writers that met once shall not meet again. */
async function pause(attempt: number): Promise<void> {
  const longest = Math.min(320, 25 * 2 ** attempt);
  await new Promise<void>((resolve) => {
    setTimeout(resolve, longest * (0.5 + Math.random() / 2));
  });
}
