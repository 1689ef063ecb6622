import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'vitest';
import { checkLandedMigrations } from '../../dev/checks/landed-migrations.ts';

/** A folder of two migrations, of which the first has landed. */
function makeMigrations({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql);
  write('0000_first.sql', 'CREATE TABLE a (id TEXT)');
  checkLandedMigrations(folder, true);
  write('0001_second.sql', 'CREATE TABLE b (id TEXT)');
  const checksums = () => readFileSync(join(folder, 'checksums.json'), 'utf8');
  return { folder, write, checksums };
}

const isEdited =
  'migrations/0000_first.sql was edited, but databases have applied it: restore it, and write another migration' +
  ' (if it never left your machine, delete its line in migrations/checksums.json)';

describe('the migrations', () => {
  it('get a checksum with --write, and not without', ({ expect, onTestFinished }) => {
    const { folder, checksums } = makeMigrations({ onTestFinished });
    const before = checksums();
    const line =
      'migrations/0001_second.sql has no checksum yet. Run: npm run migrations -- --write';
    expect(checkLandedMigrations(folder, false)).toEqual([line]);
    expect(checksums()).toBe(before);
    expect(checkLandedMigrations(folder, true)).toEqual([]);
    expect(Object.keys(JSON.parse(checksums()))).toEqual(['0000_first.sql', '0001_second.sql']);
    expect(checkLandedMigrations(folder, false)).toEqual([]);
  });

  it('that have landed are not edited, whatever is written', ({ expect, onTestFinished }) => {
    const { folder, write, checksums } = makeMigrations({ onTestFinished });
    checkLandedMigrations(folder, true);
    const before = checksums();
    write('0000_first.sql', 'CREATE TABLE a (id TEXT, name TEXT)');
    expect(checkLandedMigrations(folder, false)).toEqual([isEdited]);
    expect(checkLandedMigrations(folder, true)).toEqual([isEdited]);
    expect(checksums()).toBe(before);
  });

  it('that have landed are not removed', ({ expect, onTestFinished }) => {
    const { folder } = makeMigrations({ onTestFinished });
    checkLandedMigrations(folder, true);
    rmSync(join(folder, '0000_first.sql'));
    expect(checkLandedMigrations(folder, false)).toEqual([
      isEdited.replace('was edited', 'is gone'),
    ]);
  });
});
