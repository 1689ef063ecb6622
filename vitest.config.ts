import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { readAliases } from './dev/aliases.ts';

// Nothing calls home, and nothing warns of secrets that the tests hand over in another way.
process.env['WRANGLER_SEND_METRICS'] = 'false';
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
process.env['WRANGLER_LOG'] = 'error';

const alias = readAliases();

/** Tests that run inside workerd, in the isolate of the Worker, against real services. */
function insideWorkerd(
  test: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration {
  return {
    extends: true,
    // As in the bundle: the plugin takes everything else from wrangler.toml.
    resolve: { alias },
    plugins: [
      cloudflareTest(({ inject }) => ({
        main: './src/worker.ts',
        wrangler: { configPath: './wrangler.toml' },
        miniflare: { bindings: inject('bindings') },
      })),
    ],
    test: {
      globalSetup: 'test/support/global-setup.ts',
      setupFiles: ['test/support/watch-logs.ts'],
      isolate: false,
      ...test,
    },
  };
}

export default defineConfig({
  test: {
    coverage: {
      provider: 'istanbul',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { lines: 90 },
    },
    projects: [
      insideWorkerd({
        name: 'worker',
        include: ['test/**/*.test.ts'],
        exclude: ['test/{browser,load,stack}/**'],
        sequence: { groupOrder: 1 },
      }),
      // Each of these wants the whole machine, so they come after the others and after each other.
      insideWorkerd({
        name: 'load',
        include: ['test/load/**/*.test.ts'],
        sequence: { groupOrder: 2 },
      }),
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // They mostly wait for processes to start and to end.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/browser/global-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
