import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { startPreview, stopPreview } from '../stack/previews.ts';
import { cleanUp, makeFolder } from '../stack/programs.ts';
import { findChromium, noChromium } from './chromium.ts';

/** Starts the production bundle and a browser, once for all files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findChromium();
  if (executablePath === null) {
    console.log(`Forms are not tried in a browser${noChromium}.`);
    return async () => {};
  }
  const dataDir = makeFolder();
  // Every visitor of these tests has one address.
  const vars = ['LIMIT_INTAKE_PER_IP', 'LIMIT_ANONYMOUS_PER_IP'];
  const preview = await startPreview(dataDir, {
    command: [
      ...[process.execPath, 'dev/preview.ts'],
      ...vars.flatMap((name) => ['--var', `${name}=100000/1h`]),
    ],
  });
  const browser = await chromium.launchServer({ executablePath });
  const { program: _program, dataDir: _dataDir, ...stack } = preview;
  project.provide('stack', stack);
  project.provide('browserUrl', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await stopPreview(preview);
    cleanUp(dataDir);
  };
}
