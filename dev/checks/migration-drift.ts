import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLandedMigrations } from './landed-migrations.ts';
import { runTool } from './run-tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
for (const line of checkLandedMigrations(
  join(root, 'migrations'),
  process.argv.includes('--write'),
)) {
  console.error(line);
  process.exitCode = 1;
}

// What drizzle-kit would generate now must be nothing: the tables and the migrations say the same.
const folder = mkdtempSync(join(tmpdir(), 'inlet-migrations-'));
try {
  cpSync(join(root, 'migrations'), folder, { recursive: true });
  const before = readdirSync(folder);
  const config = join(folder, 'drizzle.config.json');
  writeFileSync(
    config,
    JSON.stringify({
      dialect: 'sqlite',
      casing: 'snake_case',
      schema: join(root, 'drizzle'),
      // drizzle-kit takes it as relative to where it runs, whatever it looks like.
      out: relative(root, folder),
    }),
  );
  runTool('drizzle-kit/bin.cjs', ['check', '--config', config]);
  runTool('drizzle-kit/bin.cjs', ['generate', '--config', config]);
  const added = readdirSync(folder).filter(
    (name) => name.endsWith('.sql') && !before.includes(name),
  );
  if (added.length > 0) {
    console.error(
      'drizzle/ and migrations/ differ. Run: npx drizzle-kit generate --name <what-changed>',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
