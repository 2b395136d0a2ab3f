import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { BlockStore, LedgerRow } from './ledger-row.ts';

/** Text that is written at once even in the middle of a long step. */
const PENDING_CHARACTERS = 1_000_000;

/**
 * Rows as JSON lines in a new file. They are written when the current turn of the event loop is
 * over, so a killed simulator leaves all but the turn in which it died. Every block's place is
 * remembered, and old rows are read back from there.
 */
export const storeInFile = (file: string, blockRows: number): BlockStore => {
  const descriptor = openSync(file, 'wx+');
  /** Where each block begins; the last entry is the end of what is known. */
  const starts: number[] = [0];
  let pending: string[] = [];
  let pendingCharacters = 0;
  let written = 0;
  let rowsWritten = 0;
  let scheduled: NodeJS.Immediate | null = null;

  const flush = (): void => {
    if (scheduled) clearImmediate(scheduled);
    scheduled = null;
    for (const line of pending) {
      rowsWritten += 1;
      written += Buffer.byteLength(line);
      if (rowsWritten % blockRows === 0) starts.push(written);
    }
    const text = Buffer.from(pending.join(''));
    pending = [];
    pendingCharacters = 0;
    for (let from = 0; from < text.length;) from += writeSync(descriptor, text, from);
  };

  return {
    add: (row) => {
      const line = `${JSON.stringify(row)}\n`;
      pending.push(line);
      pendingCharacters += line.length;
      if (pendingCharacters > PENDING_CHARACTERS) flush();
      else scheduled ??= setImmediate(flush);
    },
    seal: () => undefined,
    read: (block) => {
      flush();
      const start = starts[block]!;
      const text = Buffer.alloc(starts[block + 1]! - start);
      for (let from = 0; from < text.length;) {
        const read = readSync(descriptor, text, from, text.length - from, start + from);
        if (read === 0)
          throw new Error(`the ledger's file ${file} was cut off while it was being written`);
        from += read;
      }
      return text
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LedgerRow);
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
};
