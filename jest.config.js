/** Runs TypeScript as ES modules; swc strips the types, `tsc` in `npm run check` checks them. */
export default {
  testEnvironment: './packages/testkit/jest/environment.js',
  roots: ['<rootDir>/packages', '<rootDir>/services', '<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 180_000,
  maxWorkers: 2,
  // Modules of earlier files stay in a worker's heap, and collecting that costs more than a new one.
  workerIdleMemoryLimit: '256MB',
  testSequencer: './packages/testkit/jest/fleet-first.js',
  reporters: ['default', './packages/testkit/jest/where-time-goes.js'],
};
