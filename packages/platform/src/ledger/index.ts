export * from './check-ledger.ts';
export * from './exposure.ts';
export { createLedgerBook } from './ledger-book.ts';
export type { AccountRow, FillRow, LedgerRow, Violation } from './ledger-row.ts';
export * from './orders.ts';
export * from './protection.ts';
export * from './read-ledger.ts';
