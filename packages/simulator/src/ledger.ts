import { instantText } from './instant-text.ts';
import { storeInFile } from './ledger-file.ts';
import { storeInMemory } from './ledger-memory.ts';
import type { LedgerKind, LedgerRow } from './ledger-row.ts';

/** Append-only: rows are added and read, never changed. */
export interface Ledger {
  append(kind: LedgerKind, at: number, fields: Record<string, unknown>): LedgerRow;
  /** Rows with `seq` above `after`, at most `limit`. */
  after(seq: number, limit?: number): LedgerRow[];
  readonly length: number;
  /**
   * Writes what is still on its way to the file and closes it; a ledger in memory has nothing to
   * close.
   */
  close(): void;
}

/**
 * Rows of one block. The newest rows, one block at most, stay as objects; the rest is compressed,
 * or in the file.
 */
const BLOCK_ROWS = 1_024;

/**
 * The ledger in memory, or in a file of JSON lines where one is named. Nothing is ever dropped: in
 * memory a row costs some tens of bytes once its block is compressed, in a file none but its place.
 * A file that exists is not overwritten: that is an error with the code `EEXIST`.
 */
export const createLedger = (file: string | null = null): Ledger => {
  const store = file === null ? storeInMemory() : storeInFile(file, BLOCK_ROWS);
  let recent: LedgerRow[] = [];
  let sealed = 0;
  return {
    append: (kind, at, fields) => {
      const row = Object.freeze({
        ...fields,
        seq: sealed + recent.length + 1,
        at: instantText(at),
        kind,
      });
      recent.push(row);
      store.add(row);
      if (recent.length === BLOCK_ROWS) {
        store.seal(recent);
        sealed += BLOCK_ROWS;
        recent = [];
      }
      return row;
    },
    after: (seq, limit = Number.POSITIVE_INFINITY) => {
      const from = Math.max(0, seq);
      const to = Math.min(sealed + recent.length, from + limit);
      const found: LedgerRow[] = [];
      for (let next = from; next < to;) {
        const start = next - (next % BLOCK_ROWS);
        const rows = start < sealed ? store.read(start / BLOCK_ROWS) : recent;
        const end = Math.min(to, start + BLOCK_ROWS);
        for (; next < end; next += 1) found.push(rows[next - start] as LedgerRow);
      }
      return found;
    },
    get length() {
      return sealed + recent.length;
    },
    close: () => store.close(),
  };
};
