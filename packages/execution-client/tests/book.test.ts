import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderIntent } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { describeBook } from '@catalyst/order-life/book-contract';
import { systemClock } from '@catalyst/runtime';
import { readBookHistory } from '../src/store/book-history.ts';
import { insertDecision } from '../src/store/decision-store.ts';
import { openLocalDatabase, type LocalDatabase } from '../src/store/local-database.ts';
import { createSqliteBook } from '../src/store/sqlite-book.ts';

describeBook('a file of SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-book-test-'));
  const opened: LocalDatabase[] = [];
  const open = () => {
    const database = openLocalDatabase(join(folder, 'client.db'));
    opened.push(database);
    return createSqliteBook({ database, clock: systemClock });
  };
  const book = open();
  return {
    book,
    approve: async ({ approval_id, intent_hash, qty, approved_at, expires_at }) => {
      await opened[0]!.write((tx) =>
        insertDecision(tx, {
          signal_id: stableId('signal', approval_id),
          seq: 1,
          decided_at: approved_at,
          decision: 'enter',
          code: null,
          reason: 'test',
          plan: {
            qty,
            limit_price: '100',
            stop_price: '98',
            target_price: '110',
            risk_usd: '200',
            notional_usd: '10000',
          },
          intent: {} as OrderIntent,
          approval_id,
          intent_hash,
          expires_at,
        }),
      );
    },
    history: async () => readBookHistory(opened[0]!),
    reopen: async () => open(),
    close: async () => {
      for (const database of opened) database.close();
      rmSync(folder, { recursive: true });
    },
  };
});
