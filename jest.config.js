import { totalmem } from 'node:os';

/** Tests are TypeScript as it is, loaded by Node; `tsc` in `npm run check` checks the types. */
export default {
  runtime: '<rootDir>/packages/testkit/jest/runtime.cjs',
  testEnvironment: './packages/testkit/jest/environment.js',
  roots: ['<rootDir>/packages', '<rootDir>/services', '<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testTimeout: 180_000,
  // Two more than the two processors that are asked for, since many wait for what they have started
  // or for their clock; a fleet takes 1.2 GB.
  maxWorkers: totalmem() < 8e9 ? 2 : 4,
  // What earlier files made stays in a worker; a new one has to load every module again.
  workerIdleMemoryLimit: '800MB',
  // On a busy machine a worker takes longer to end than jest's half a second.
  workerGracefulExitTimeout: 10_000,
  testSequencer: './packages/testkit/jest/fleets-apart.js',
  reporters: ['default', './packages/testkit/jest/where-time-goes.js'],
};
