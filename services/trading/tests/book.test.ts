import { stableId } from '@catalyst/domain';
import { describeBook } from '@catalyst/order-life/book-contract';
import { createDatabase, createLog, type Database } from '@catalyst/service-kit';
import { createTestDatabase } from '@catalyst/testkit';
import { createBook } from '../src/store/book.ts';
import { readHistory } from '../src/store/history.ts';

const CYCLE = stableId('book-contract-cycle');

describeBook('PostgreSQL', async () => {
  const { database, url, drop } = await createTestDatabase();
  const again: Database[] = [];
  const bookOn = (on: Database) =>
    createBook({ database: on, bus: { stage: () => {} }, audit: () => {}, epoch: () => null });
  await database.query(
    `INSERT INTO trading_cycles (cycle_id, trade_date, state, session_mode, universe_size, open_at, close_at, is_half_day, created_at, updated_at)
     VALUES ($1, '2026-03-10', 'trading', 'autonomous', 100, $2, $3, false, $2, $2)`,
    [CYCLE, '2026-03-10T13:30:00.000Z', '2026-03-10T20:00:00.000Z'],
  );
  return {
    book: bookOn(database),
    approve: async ({ approval_id, intent_hash, qty, approved_at, expires_at }, symbol) => {
      await database.query(
        `WITH s AS (SELECT get_or_create_security($1) AS security_id), d AS (
           INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, decision, decided_at)
           SELECT $2, $3, security_id, '{}', 'approved', '{}', $4 FROM s RETURNING intent_id, security_id)
         INSERT INTO risk_approvals (approval_id, intent_id, intent_hash, cycle_id, security_id, direction,
           qty, entry_price, risk_usd, notional_usd, approved_at, expires_at)
         SELECT $2, intent_id, $5, $3, security_id, 'long', $6, 100, 200, 10000, $4, $7 FROM d`,
        [symbol, approval_id, CYCLE, approved_at, intent_hash, qty, expires_at],
      );
    },
    history: () => readHistory(database),
    reopen: async () => {
      const reopened = createDatabase(url, {
        log: createLog('trading', 'error'),
        application_name: 'catalyst-test',
      });
      again.push(reopened);
      return bookOn(reopened);
    },
    close: async () => {
      for (const one of again) await one.close();
      await drop();
    },
  };
});
