import { defineConfig } from 'oxlint';

type Restriction = ({ group: string[] } | { regex: string }) & { message: string };

const ground: Restriction = {
  group: ['**/dev/**', '**/cli/**', '**/test/**', '**/bench/**'],
  message: 'The Worker holds no development, operator or test code.',
};
const hono: Restriction = {
  group: ['hono', 'hono/*', 'hono/**'],
  message: 'Only http/, app.ts, routes.ts, pages and the public door know Hono.',
};
const http: Restriction = {
  group: ['**/http/*'],
  message: 'Use cases know no HTTP.',
};
const clients: Restriction = {
  group: ['@libsql/*', '@libsql/client/*', '@upstash/*', 'toucan-js', 'drizzle-orm/libsql/*'],
  message: 'Only platform/ knows the clients, and only deps.ts opens them.',
};
const sql: Restriction = {
  group: ['drizzle-orm', 'drizzle-orm/*', '**/drizzle/*'],
  message:
    'Every statement stands in a queries.ts, or in the statements.ts that other features may batch.',
};
const opening: Restriction = {
  group: ['**/deps.ts'],
  message: 'Only the worker opens the clients; import the type Deps alone.',
};
const othersInside: Restriction = {
  group: ['../*/queries.ts', '../*/routes.ts'],
  message: 'Call the other feature by a use case.',
};
const leaves: Restriction = {
  // Anything above it but errors.ts, and anything in a folder.
  regex: String.raw`^\.\./(?:[^e]|e[^r])|^\./.*/`,
  message: 'A leaf imports leaves.',
};

const zod = { name: 'zod', message: 'Use zod/mini: the full one costs 19 kB gzip more.' };
const expect = {
  name: 'vitest',
  importNames: ['expect'],
  message: 'Take expect from the test context.',
};

/** The imports that these files may not make. A later entry takes the place of an earlier one. */
function forbid(files: string[], patterns: Restriction[]) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [zod, expect],
          patterns: patterns.map((pattern) => ({
            ...pattern,
            allowTypeImports: pattern === opening,
          })),
        },
      ],
    },
  } as const;
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['coverage', '.data', '.wrangler', 'dist'],
  rules: {
    'import/no-cycle': 'error',
    'no-console': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/return-await': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    // One try after the other is what a retry is, and one statement after the other what a migration is.
    'no-await-in-loop': 'off',
    // JSON and rows come as unknown; what they are said to be is checked by contracts and tests.
    'typescript/no-unsafe-type-assertion': 'off',
    'no-shadow': 'off',
    // zod/mini names its default that way.
    'no-underscore-dangle': 'off',
    // Spreads keep an option beside its value.
    'unicorn/no-useless-spread': 'off',
    'promise/always-return': 'off',
    'import/no-unassigned-import': 'off',
  },
  overrides: [
    forbid(['**/*.ts'], []),
    // Use cases.
    forbid(['src/**/*.ts'], [ground, hono, http, clients, sql, opening, othersInside]),
    forbid(['src/**/contract.ts'], [ground, hono, http, clients, opening, othersInside]),
    forbid(
      ['src/**/queries.ts', 'src/**/{statements,*-statements}.ts'],
      [ground, hono, http, clients, opening, othersInside],
    ),
    forbid(
      [
        ...[
          'src/**/routes.ts',
          'src/newsletter/link-routes.ts',
          'src/newsletter/pages/*.ts',
          'src/http/*.ts',
          'src/pages/*.ts',
        ],
        ...['src/forms/door/*.ts', 'src/forms/door/pages/*.ts'],
      ],
      [ground, clients, sql, opening, othersInside],
    ),
    // Templates, which escape what came from outside as pages do.
    forbid(['src/**/*-mail.ts'], [ground, http, clients, sql, opening, othersInside]),
    // Leaves.
    forbid(['src/lib/*.ts', 'src/errors.ts'], [ground, hono, clients, sql, leaves]),
    forbid(['src/platform/*.ts'], [ground, hono, http, opening]),
    forbid(['src/deps.ts', 'src/env.ts'], [ground, hono, http, clients, sql]),
    forbid(['src/app.ts', 'src/worker.ts'], [ground, clients, sql]),
    {
      files: ['src/worker.ts', '*.config.ts', 'test/support/global-setup.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      files: ['src/platform/logger.ts', 'dev/**', 'cli/**', 'bench/**', 'test/**'],
      rules: { 'no-console': 'off' },
    },
    {
      // Node's servers and timers take async callbacks, and our own types hold no `this`.
      files: ['dev/**', 'cli/**', 'bench/**', 'test/**'],
      rules: {
        'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
        'typescript/no-base-to-string': 'off',
        'typescript/consistent-type-imports': 'off',
        'typescript/no-unnecessary-type-assertion': 'off',
        'typescript/restrict-template-expressions': 'off',
        'typescript/unbound-method': 'off',
      },
    },
  ],
});
