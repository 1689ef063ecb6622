import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares the migrations of a folder with its `checksums.json`, since databases that have applied one never hear of a
 * later edit. Returns a line for each that was edited, is gone, or has no checksum. With `write`, the latter get theirs;
 * those that are there are never written again.
 */
export function checkLandedMigrations(folder: string, write: boolean): string[] {
  const file = join(folder, 'checksums.json');
  const known: Record<string, string> = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    : {};
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  const found = Object.fromEntries(names.map((name) => [name, checksum(join(folder, name))]));
  // Those known stay first, in their order and with their values.
  const all = { ...known, ...found, ...known };
  if (write) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  const expected = write ? all : known;
  return Object.keys(all).flatMap((name) => problemWith(name, found[name], expected[name]));
}

function problemWith(name: string, found?: string, expected?: string): string[] {
  if (found === expected) return [];
  if (expected === undefined) {
    return [`migrations/${name} has no checksum yet. Run: npm run migrations -- --write`];
  }
  const act = found === undefined ? 'is gone' : 'was edited';
  return [
    `migrations/${name} ${act}, but databases have applied it: restore it, and write another migration` +
      ' (if it never left your machine, delete its line in migrations/checksums.json)',
  ];
}

function checksum(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
