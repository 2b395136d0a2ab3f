import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderIntent, riskApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  createTestKeys,
  startTestService,
  type TestService,
} from '@catalyst/testkit';
import { riskService } from '../src/service.ts';

export const NOW = '2026-03-10T15:00:00.000Z';
export const after = (seconds: number): string =>
  new Date(Date.parse(NOW) + seconds * 1000).toISOString();

interface Held {
  symbol: string;
  qty?: number;
  entry_price?: number;
  last_price?: number;
  stop_price?: number | null;
  status?: 'opening' | 'open' | 'closing' | 'closed';
}

/**
 * The risk service on a database with one cycle at 11:00 in New York, 100,000 USD, and stocks of
 * different sectors at 49.98 to 50.
 */
export const openRisk = async (
  symbols: readonly string[],
  { isLive = false }: { isLive?: boolean } = {},
) => {
  const testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  const home = mkdtempSync(join(tmpdir(), 'catalyst-risk-'));
  const cycle_id = stableId('cycle', 'risk-test');
  const keys = createTestKeys();
  let counter = 0;
  const start = (): Promise<TestService<typeof riskApi>> =>
    startTestService(riskService, {
      database_url: testDatabase.url,
      // without it the desk is a paper desk on the wall's clock
      ...(!isLive && { replay_start_at: '2026-03-10T08:00:00.000Z' }),
      keys,
      env: { CATALYST_HOME: home },
    });

  await database.query(
    `INSERT INTO trading_cycles VALUES ($1, '2026-03-10', 'trading', 'autonomous', 100,
       '2026-03-10T13:30:00Z', '2026-03-10T20:00:00Z', false, $2, $2)`,
    [cycle_id, NOW],
  );
  await database.query('SELECT * FROM get_or_create_securities($1)', [symbols]);
  /** What belongs to every stock and to the desk, as it is on an ordinary morning. */
  const seed = async (): Promise<void> => {
    for (const table of ['latest_quotes', 'reconciliations', 'account_snapshots'])
      await database.query(`DELETE FROM ${table}`);
    await database.query(`UPDATE securities SET is_tradable = true, sector_id = x.sector_id
      FROM (SELECT sector_id, row_number() OVER (ORDER BY sector_id) AS n FROM sectors) x
      WHERE x.n = (securities.security_id - 1) % 11 + 1`);
    await database.query(
      'INSERT INTO latest_quotes SELECT security_id, 49.98, 50, 100, 100, $1, $1 FROM securities',
      [NOW],
    );
    // 18 earlier sessions that moved 1.50 USD and traded 5,000,000 shares each; too few to correlate
    await database.query(
      "SELECT get_or_create_times(ARRAY(SELECT extract(epoch FROM day)::int4 / 60 FROM generate_series('2026-02-12T05:00Z'::timestamptz, '2026-03-09T05:00Z', interval '1 day') day))",
    );
    await database.query('DELETE FROM trading_history');
    await database.query(`INSERT INTO trading_history
        (security_id, time_id, timeframe, feed, open, high, low, close, volume)
      SELECT s.security_id, extract(epoch FROM day)::int4 / 60, '1day', 'sip', 50, 50.75, 49.25,
        50 + (s.security_id * 7919 * extract(day FROM day)::int4 % 101 - 50) / 100.0, 5000000
      FROM securities s, generate_series('2026-02-12T05:00Z'::timestamptz, '2026-03-09T05:00Z',
        interval '1 day') day
      WHERE extract(isodow FROM day) < 6`);
    await database.query("INSERT INTO reconciliations VALUES ($1, $2, true, '{}', $3)", [
      stableId('reconciliation', 1),
      cycle_id,
      NOW,
    ]);
    await setAccount('100000');
  };
  /** What the broker says of the account at a time. */
  /** Empties tables, those that keep what happened too. */
  const truncate = async (tables: string): Promise<void> => {
    await database.query(
      `SET session_replication_role = replica; TRUNCATE ${tables} CASCADE; RESET session_replication_role`,
    );
  };
  const setAccount = async (equity_usd: string, read_at = NOW): Promise<void> => {
    await database.query(
      `INSERT INTO account_snapshots (read_at, account_number, equity_usd, last_equity_usd,
         cash_usd, buying_power_usd, maintenance_margin_usd)
       VALUES ($1, 'SIM1', $2, 100000, 100000, 200000, 0)
       ON CONFLICT (read_at) DO UPDATE SET equity_usd = excluded.equity_usd`,
      [read_at, equity_usd],
    );
  };
  await seed();
  let service = await start();

  const desk = {
    database,
    home,
    cycle_id,
    keys,
    database_url: testDatabase.url,
    url: () => service.url,
    client: (caller?: Parameters<typeof service.client>[0]) => service.client(caller),
    at: <T>(work: () => T, now = NOW): T => atStep(now, work),
    restart: async (): Promise<void> => {
      await service.close();
      service = await start();
    },
    close: async (): Promise<void> => {
      await service.close();
      await testDatabase.drop();
    },
    intentFor: (symbol: string, over: Partial<OrderIntent> = {}): OrderIntent => ({
      intent_id: stableId('intent', (counter += 1)),
      cycle_id,
      symbol,
      direction: 'long',
      qty: null,
      entry_price: '50',
      limit_price: '50.1',
      stop_price: '49',
      target_price: '52.5',
      ...over,
    }),
    check: (intent: OrderIntent, now = NOW) =>
      atStep(now, () => service.client().checkOrder({ body: intent })),
    preview: (intent: OrderIntent, now = NOW) =>
      atStep(now, () => service.client().previewOrder({ body: intent })),
    arm: () => service.client('cli').arm({ body: { by: 'test', reason: 'armed for the test' } }),
    act: (act: 'pause' | 'halt' | 'flatten' | 'resume', reason = 'table') =>
      atStep(NOW, () => service.client().changeTradingState({ body: { act, by: 'test', reason } })),
    seed,
    setAccount,
    truncate,
    /** A position as trading keeps it. */
    hold: async ({
      symbol,
      qty = 100,
      entry_price = 50,
      last_price = 50,
      stop_price = null,
      status = 'open',
    }: Held): Promise<string> => {
      const position_id = stableId('position', symbol, (counter += 1));
      await database.query(
        `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
           entered_qty, entry_price, last_price, initial_stop_price, created_at, updated_at)
         SELECT $1, $2, security_id, 'long', $3, CASE $3 WHEN 'closed' THEN 0 ELSE $4::numeric END,
           $4, $5, $6, $7, $8, $8
         FROM securities WHERE symbol = $9`,
        [position_id, cycle_id, status, qty, entry_price, last_price, stop_price, NOW, symbol],
      );
      return position_id;
    },
    release: (position_id: string) =>
      database.query("UPDATE positions SET status = 'closed', qty = 0 WHERE position_id = $1", [
        position_id,
      ]),
  };
  return desk;
};
export type RiskDesk = Awaited<ReturnType<typeof openRisk>>;
