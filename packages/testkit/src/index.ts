export * from './cut-off.ts';
export * from './eventually.ts';
export * from './reference-data.ts';
export * from './rehearsal.ts';
export * from './replay-day.ts';
export * from './start-fixture-service.ts';
export * from './start-test-service.ts';
export * from './test-database.ts';
