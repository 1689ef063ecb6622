import { existsSync } from 'node:fs';

/** The Chromium of this machine: `CHROMIUM_PATH`, else where Debian's package puts it; null where there is none. */
export function findChromium(): string | null {
  const path = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
  return existsSync(path) ? path : null;
}

/** Why the tests of this folder are skipped; empty where they run. */
export const noChromium =
  findChromium() === null ? ' (skipped: needs Chromium, as Debian’s package or CHROMIUM_PATH)' : '';
