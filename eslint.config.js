import eslint from '@eslint/js';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

const noClock = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Take the time from the injected clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from the injected clock.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Decisions are not random; take a seed.',
  },
];
const noSqlClock = [
  {
    selector: 'Literal[value=/\\b(now\\(\\)|CURRENT_TIMESTAMP|CURRENT_DATE|clock_timestamp\\()/i]',
    message: 'Times are parameters of a statement.',
  },
  {
    selector:
      'TemplateElement[value.raw=/\\b(now\\(\\)|CURRENT_TIMESTAMP|CURRENT_DATE|clock_timestamp\\()/i]',
    message: 'Times are parameters of a statement.',
  },
];
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };

const io = [
  'node:fs',
  'node:fs/*',
  'node:http',
  'node:net',
  'node:child_process',
  'express',
  'axios',
  'ioredis',
  'pg',
  'winston',
  'ws',
  'nodemailer',
  '@alpacahq/*',
  '@catalyst/runtime',
  '@catalyst/service-kit',
  '@catalyst/brokerage',
  '@catalyst/order-life',
  '@catalyst/platform',
  '@catalyst/contracts/*',
];
const rooms = (...patterns) => [
  'error',
  { patterns: patterns.map(([group, message]) => ({ group, message })) },
];

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/.catalyst/**', 'coverage/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { n },
    rules: {
      // each package.json is the rule of what its package may import; the root has no runtime
      // dependency
      'n/no-extraneous-import': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // arrays are indexed in checked loops; a wrong one throws in the next expression
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'no-restricted-syntax': ['error', noDefaultExport, ...noSqlClock],
      eqeqeq: 'error',
      // a file that is longer becomes a folder
      'max-lines': ['error', 300],
    },
  },
  // what holds a test or a program together may use the root's development tools
  {
    files: [
      '**/*.test.ts',
      '**/tests/**/*.ts',
      'tests/**/*.ts',
      'benchmarks/**/*.ts',
      'nginx/**/*.ts',
    ],
    rules: { 'n/no-extraneous-import': 'off' },
  },
  {
    files: [
      'packages/domain/src/**/*.ts',
      'packages/execution-client/src/domain/**/*.ts',
      'services/*/src/domain/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport, ...noClock],
      'no-restricted-imports': rooms(
        [io, 'domain/ is pure: values in, values out.'],
        [
          ['../flows/*', '../store.ts', '../adapters/*', '../routes.ts', '../config.ts'],
          'domain/ imports only domain/.',
        ],
      ),
    },
  },
  {
    files: ['services/*/src/flows/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport, ...noClock, ...noSqlClock],
      'no-restricted-imports': rooms(
        [
          ['express', 'axios', 'ioredis', 'pg', 'winston', 'nodemailer', '@alpacahq/*'],
          'A flow gets its store and adapters passed in.',
        ],
        [['../routes.ts', '../main.ts', '../service.ts'], 'A flow does not know who calls it.'],
      ),
    },
  },
  {
    // A friend's program runs this code with a book of its own: no server comes along.
    files: [
      'packages/runtime/src/**/*.ts',
      'packages/brokerage/src/**/*.ts',
      'packages/order-life/src/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': rooms([
        ['express', 'ioredis', 'pg', 'nodemailer', 'prom-client', '@catalyst/service-kit'],
        'What a friend runs too has neither server nor database: they stay in service-kit.',
      ]),
    },
  },
  {
    // Every verb loads all of these files: what one of them needs it imports when it is called.
    files: ['packages/cli/src/commands/**/*.ts', 'packages/cli/src/program.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['service-kit', 'platform', 'simulator', 'brokerage', 'drill'].map(
                (name) => `@catalyst/${name}`,
              ),
              message: 'A verb imports these when it is called: `--help` need not wait for them.',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['packages/order-life/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, ...noClock, ...noSqlClock] },
  },
  {
    files: ['services/*/src/**/*.ts', 'packages/brokerage/src/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          name: 'fetch',
          message: 'Call other services through createClient, vendors through their adapter.',
        },
      ],
    },
  },
  {
    files: ['services/*/src/**/*.ts'],
    rules: { 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }] },
  },
  {
    // The door for `require`, and a client of others' that is loaded by it.
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        TextDecoder: 'readonly',
        Buffer: 'readonly',
        Atomics: 'readonly',
        SharedArrayBuffer: 'readonly',
        Int32Array: 'readonly',
      },
    },
  },
);
