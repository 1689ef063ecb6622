import { sql } from 'drizzle-orm';
import { sqliteTable } from 'drizzle-orm/sqlite-core';
import { Toucan } from 'toucan-js';
import { describe, it } from 'vitest';
import { Scope } from '../../src/platform/instead/sentry-core.ts';
import { operator } from '../support/harness.ts';

describe('what stands for parts of dependencies in the bundle', () => {
  it('stands for them here as well', ({ expect }) => {
    expect(Object.getPrototypeOf(Toucan)).toBe(Scope);
    expect(() => sqliteTable('no_table', () => ({}))).toThrow('left out');
  });

  it('carries blobs to the database and back', async ({ expect }) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const rows = await operator.database.read((orm) =>
      orm.all<{ blob: ArrayBuffer }>(sql`SELECT ${bytes} AS blob`),
    );
    expect(rows.map(({ blob }) => new Uint8Array(blob))).toEqual([bytes]);
  });
});
