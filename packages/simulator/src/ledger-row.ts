/**
 * What the simulator writes down: everything that reached it and everything that it did, in order.
 */
export type LedgerKind =
  | 'request'
  | 'answer'
  | 'step'
  | 'order'
  | 'fill'
  | 'fee'
  | 'transfer'
  | 'update'
  | 'frame'
  | 'message'
  | 'account'
  | 'fault'
  | 'mail';

export interface LedgerRow {
  /** Gapless, from 1. */
  seq: number;
  /** The simulated instant. */
  at: string;
  kind: LedgerKind;
  [field: string]: unknown;
}

/** Where rows go that are no longer at hand; each block holds the same number of rows. */
export interface BlockStore {
  /** Called once for each row, in order. */
  add(row: LedgerRow): void;
  /** Called once `rows`, the next block, is complete. */
  seal(rows: readonly LedgerRow[]): void;
  read(block: number): LedgerRow[];
  close(): void;
}
