import type { DecimalString, Direction } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';

/** What a review looks at beside the desk's standing. */
export const createReviewFactStore = (database: Database) => ({
  readSecurity: async (
    db: Queryable,
    symbol: string,
  ): Promise<{ security_id: number; sector: string | null; is_shortable: boolean } | undefined> =>
    (
      await db.query<{ security_id: number; sector: string | null; is_shortable: boolean }>(
        'SELECT security_id, sector, is_shortable FROM v_securities WHERE symbol = $1',
        [symbol],
      )
    )[0],

  readQuote: async (db: Queryable, securityId: number) =>
    (
      await db.query<{ bid_price: string; ask_price: string; quoted_at: string }>(
        'SELECT bid_price, ask_price, quoted_at FROM v_quotes_latest WHERE security_id = $1',
        [securityId],
      )
    )[0],

  /** The last bar of a minute before `now_id`, of the few before it. */
  readLastBar: async (
    db: Queryable,
    securityId: number,
    nowId: number,
  ): Promise<{ time_id: number; close: DecimalString } | undefined> =>
    (
      await db.query<{ time_id: number; close: DecimalString }>(
        `SELECT time_id, close FROM v_bars
         WHERE security_id = $1 AND timeframe = '1min' AND time_id >= $2 AND time_id < $3
         ORDER BY time_id DESC LIMIT 1`,
        [securityId, nowId - 10, nowId],
      )
    )[0],

  readCycle: async (db: Queryable, cycleId: string) =>
    (
      await db.query<{ trade_date: string; close_at: string }>(
        'SELECT trade_date, close_at FROM v_cycle_hours WHERE cycle_id = $1',
        [cycleId],
      )
    )[0],

  readCloses: (db: Queryable, securityIds: readonly number[], asOf: string, since: number) =>
    db.query<{ security_id: number; trade_date: string; close: number }>(
      'SELECT security_id, trade_date, close FROM split_adjusted_closes($1, $2, $3)',
      [securityIds, asOf, since],
    ),

  /** Stored daily closes of each security since a minute. */
  countCloses: async (
    securityIds: readonly number[],
    since: number,
  ): Promise<Map<number, number>> => {
    const rows = await database.query<{ security_id: number; closes: number }>(
      `SELECT security_id, count(*)::int4 AS closes FROM v_bars
       WHERE security_id = ANY ($1) AND timeframe = '1day' AND time_id >= $2 GROUP BY security_id`,
      [securityIds, since],
    );
    return new Map(rows.map(({ security_id, closes }) => [security_id, closes]));
  },

  isReconciled: async (db: Queryable = database): Promise<boolean> =>
    (await db.query<{ reconciled: boolean }>('SELECT reconciled FROM v_reconciliation_latest'))[0]
      ?.reconciled ?? false,

  lastApprovedAt: async (db: Queryable, securityId: number): Promise<string | null> =>
    (
      await db.query<{ at: string | null }>(
        'SELECT max(approved_at) AS at FROM risk_approvals WHERE security_id = $1',
        [securityId],
      )
    )[0]?.at ?? null,

  /** Profit of the symbol's trades closed in this cycle, newest first. */
  readClosedProfits: (db: Queryable, securityId: number, cycleId: string) =>
    db.query<{ realized_pnl_usd: DecimalString }>(
      `SELECT realized_pnl_usd FROM v_positions
       WHERE security_id = $1 AND cycle_id = $2 AND status = 'closed' AND entered_qty > 0
       ORDER BY exited_at DESC`,
      [securityId, cycleId],
    ),

  readClosedTrades: (db: Queryable = database) =>
    db.query<{
      direction: Direction;
      entry_price: DecimalString;
      exit_price: DecimalString;
      initial_stop_price: DecimalString | null;
    }>(
      `SELECT direction, entry_price, exit_price, initial_stop_price FROM v_positions
       WHERE status = 'closed' AND entered_qty > 0 AND exit_price IS NOT NULL
       ORDER BY exited_at, symbol LIMIT 500`,
    ),
});
