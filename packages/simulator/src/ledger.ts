/** What the simulator writes down: everything that reached it and everything that it did, in order. */
export type LedgerKind = 'request' | 'step' | 'order' | 'fill' | 'update' | 'account' | 'mail';

export interface LedgerRow {
  /** Gapless, from 1. */
  seq: number;
  /** The simulated instant. */
  at: string;
  kind: LedgerKind;
  [field: string]: unknown;
}

/** Append-only and in memory: rows are added and read, never changed. */
export interface Ledger {
  append(kind: LedgerKind, at: number, fields: Record<string, unknown>): LedgerRow;
  /** Rows with `seq` above `after`, at most `limit`. */
  after(seq: number, limit?: number): LedgerRow[];
  readonly length: number;
}

export const createLedger = (): Ledger => {
  const rows: LedgerRow[] = [];
  return {
    append: (kind, at, fields) => {
      const row = Object.freeze({ ...fields, seq: rows.length + 1, at: new Date(at).toISOString(), kind });
      rows.push(row);
      return row;
    },
    after: (seq, limit = Number.POSITIVE_INFINITY) => rows.slice(Math.max(0, seq), Math.max(0, seq) + limit),
    get length() {
      return rows.length;
    },
  };
};
