import type { DecimalString, Direction, Instant, TradeDate } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';

export interface SubjectRow {
  security_id: number;
  sector: string | null;
  is_tradable: boolean;
  is_shortable: boolean;
  /** Null where there is no such cycle. */
  trade_date: TradeDate | null;
  open_at: Instant | null;
  close_at: Instant | null;
  bid_price: DecimalString | null;
  ask_price: DecimalString | null;
  bid_size: DecimalString | null;
  ask_size: DecimalString | null;
  quoted_at: Instant | null;
  /** Minutes of the last three quarters of an hour that have a bar, and the close of the last. */
  minutes: number[];
  last_close: DecimalString | null;
  true_range: number | null;
  range_days: number;
  volume: number | null;
  volume_days: number;
  pattern_stops: number[];
  /** What the exchange last told of its trading; null where it told nothing. */
  is_halted: boolean | null;
  halt_reason: string | null;
  status_told_at: Instant | null;
  /** Since when the exchange is listened to, and when that was last so. */
  listening_since: Instant | null;
  heard_at: Instant | null;
  reconciled: boolean | null;
  checked_at: Instant | null;
  last_approved_at: Instant | null;
  /** Results of the symbol's trades closed in this cycle, the newest first, and when that ended. */
  results: DecimalString[];
  last_exit_at: Instant | null;
}
export interface ClosedTradeRow {
  direction: Direction;
  entry_price: DecimalString;
  exit_price: DecimalString;
  initial_stop_price: DecimalString | null;
  pattern: string | null;
  catalyst_type: string | null;
}

/** What a review looks at beside the desk's standing. */
export const createReviewFactStore = (database: Database) => ({
  /** All that is known of a symbol in a cycle at a minute, in one statement. */
  readSubject: async (
    db: Queryable,
    symbol: string,
    cycleId: string,
    { now_id, days_since }: { now_id: number; days_since: number },
  ): Promise<SubjectRow | undefined> =>
    (
      await db.query<SubjectRow>(
        `SELECT s.security_id, s.sector, s.is_tradable, s.is_shortable,
           c.trade_date, c.open_at, c.close_at,
           q.bid_price, q.ask_price, q.bid_size, q.ask_size, q.quoted_at,
           m.minutes, m.last_close::numeric AS last_close,
           h.true_range, h.range_days, h.volume, h.volume_days,
           ARRAY(SELECT DISTINCT v.stop FROM v_pattern_stops v
             WHERE v.security_id = s.security_id AND v.detected_at >= c.trade_date::timestamptz
             ORDER BY 1) AS pattern_stops,
           t.is_halted, t.reason AS halt_reason, t.told_at AS status_told_at,
           l.since AS listening_since, l.heard_at,
           r.reconciled, r.checked_at,
           (SELECT max(approved_at) FROM risk_approvals a WHERE a.security_id = s.security_id)
             AS last_approved_at,
           p.results, p.last_exit_at
         FROM v_securities s
         LEFT JOIN v_cycle_hours c ON c.cycle_id = $2
         LEFT JOIN v_quotes_latest q ON q.security_id = s.security_id
         LEFT JOIN v_trading_statuses t ON t.security_id = s.security_id
         LEFT JOIN v_status_listening l ON true
         LEFT JOIN v_reconciliation_latest r ON true
         CROSS JOIN LATERAL (
           SELECT coalesce(array_agg(DISTINCT b.time_id ORDER BY b.time_id), '{}') AS minutes,
             (array_agg(b.close ORDER BY b.time_id DESC))[1] AS last_close
           FROM v_bars b WHERE b.security_id = s.security_id AND b.timeframe = '1min'
             AND b.time_id >= $3 - 45 AND b.time_id < $3) m
         CROSS JOIN LATERAL daily_habits(s.security_id, c.trade_date, $4) h
         CROSS JOIN LATERAL (
           SELECT coalesce(array_agg(x.realized_pnl_usd::text ORDER BY x.exited_at DESC), '{}')
             AS results, max(x.exited_at) AS last_exit_at
           FROM v_positions x WHERE x.security_id = s.security_id AND x.cycle_id = $2
             AND x.status = 'closed' AND x.entered_qty > 0) p
         WHERE s.symbol = $1`,
        [symbol, cycleId, now_id, days_since],
      )
    )[0],

  latestCycle: async (db: Queryable): Promise<string | null> =>
    (
      await db.query<{ cycle_id: string }>(
        'SELECT cycle_id FROM v_cycle_hours ORDER BY trade_date DESC LIMIT 1',
      )
    )[0]?.cycle_id ?? null,

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

  /** The latest trades that are over, the latest first. */
  readClosedTrades: (db: Queryable = database): Promise<ClosedTradeRow[]> =>
    db.query(
      `SELECT direction, entry_price, exit_price, initial_stop_price, pattern, catalyst_type
       FROM v_closed_trades ORDER BY exited_at DESC, symbol LIMIT 500`,
    ),
});
