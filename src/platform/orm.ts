import type { Client, InArgs, ResultSet, Row } from '@libsql/client/http';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { LibSQLDatabase } from 'drizzle-orm/libsql/driver-core';
import {
  SQLiteAsyncDialect,
  SQLiteDeleteBase,
  SQLiteInsertBuilder,
  SQLiteSelectBuilder,
  SQLiteUpdateBuilder,
  type SQLiteSession,
} from 'drizzle-orm/sqlite-core';
import { SQLiteRaw } from 'drizzle-orm/sqlite-core/query-builders/raw';
import * as drizzleUtils from 'drizzle-orm/utils';

/** Builds SQL; only `queries.ts` and `statements.ts` files use it. */
export type Orm = Pick<
  LibSQLDatabase,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'all' | 'run'
>;

/** A statement for a batch, built but not yet sent. */
export type Statement = BatchItem<'sqlite'>;

type Query = { sql: string; params: unknown[] };
type Fields = { path: string[]; field: unknown }[];

// Drizzle keeps them out of its types, but its own sessions are made of them.
type Preparable = {
  _prepare(): { getQuery(): Query; mapResult(result: ResultSet, isFromBatch: true): unknown };
};
type Mapper = {
  mapResultRow: (fields: Fields, row: Row, notNull?: Record<string, boolean>) => unknown;
};
const mapRow = (drizzleUtils as unknown as Mapper).mapResultRow;

/**
 * Drizzle's builders over a client. Its own driver would bring relations, caches and transactions along, which nobody
 * here uses: 3 KiB gzip of the bundle.
 */
export function openOrm(client: Client): Orm {
  const dialect = new SQLiteAsyncDialect({ casing: 'snake_case' });
  const prepare = (query: Query, fields: Fields | undefined, method: 'all' | 'run') =>
    new PreparedQuery(client, query, fields, method);
  const session = { prepareQuery: prepare, prepareOneTimeQuery: prepare };
  const typed = session as unknown as SQLiteSession<'async', ResultSet, never, never>;
  const raw = (method: 'all' | 'run') => (query: SQL) => {
    const prepared = prepare(dialect.sqlToQuery(query), undefined, method);
    const map = (result: unknown) => prepared.mapResult(result as ResultSet);
    return new SQLiteRaw(
      () => prepared.execute(),
      () => query,
      method,
      dialect,
      map,
    );
  };
  return {
    select: (fields?: never) => new SQLiteSelectBuilder({ fields, session: typed, dialect }),
    selectDistinct: (fields?: never) =>
      new SQLiteSelectBuilder({ fields, session: typed, dialect, distinct: true }),
    insert: (table) => new SQLiteInsertBuilder(table, typed, dialect),
    update: (table) => new SQLiteUpdateBuilder(table, typed, dialect),
    delete: (table) => new SQLiteDeleteBase(table, typed, dialect),
    all: raw('all'),
    run: raw('run'),
  } as Orm;
}

/**
 * Runs statements as one transaction that takes the write lock at once: in drizzle's deferred mode, a reader that turns
 * writer fails at once under load.
 */
export async function runBatch(client: Client, statements: Statement[]): Promise<unknown[]> {
  if (statements.length === 0) return [];
  const prepared = statements.map((statement) => (statement as unknown as Preparable)._prepare());
  const results = await client.batch(
    prepared.map((query) => toClient(query.getQuery())),
    'write',
  );
  return prepared.map((query, index) => query.mapResult(results[index] as ResultSet, true));
}

/** A built query, as the builders and the batch want it. */
class PreparedQuery {
  /** The builder of a select writes it: which of the joined tables are always there. */
  joinsNotNullableMap?: Record<string, boolean>;
  readonly #client: Client;
  readonly #query: Query;
  readonly #fields: Fields | undefined;
  readonly #method: 'all' | 'run';

  constructor(client: Client, query: Query, fields: Fields | undefined, method: 'all' | 'run') {
    this.#client = client;
    this.#query = query;
    this.#fields = fields;
    this.#method = method;
  }

  getQuery(): Query {
    return this.#query;
  }

  async execute(): Promise<unknown> {
    return this.mapResult(await this.#client.execute(toClient(this.#query)));
  }

  all(): Promise<unknown> {
    return this.execute();
  }

  run(): Promise<unknown> {
    return this.execute();
  }

  mapResult(result: ResultSet): unknown {
    if (this.#method === 'run') return result;
    const fields = this.#fields;
    if (fields === undefined) return result.rows.map((row) => ({ ...row }));
    return result.rows.map((row) => mapRow(fields, row, this.joinsNotNullableMap));
  }
}

function toClient(query: Query): { sql: string; args: InArgs } {
  return { sql: query.sql, args: query.params as InArgs };
}
