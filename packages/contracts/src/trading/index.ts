export * from './book.ts';
export * from './reconciliation.ts';
export * from './trading-api.ts';
