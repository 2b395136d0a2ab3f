import type { Bar, Instant, Timeframe, TradeDate } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';
import { column, numbers } from './array-literal.ts';

export interface SymbolBar extends Bar {
  symbol: string;
}
interface DailyBarRow extends SymbolBar {
  trade_date: TradeDate;
}
export interface RefusedBar {
  symbol: string;
  time_id: number;
  timeframe: Timeframe;
  reason: string;
}

const BARS_PER_STATEMENT = 5000;

const insertBars = async (
  db: Queryable,
  timeframe: Timeframe,
  feed: string,
  rows: readonly SymbolBar[],
  at: Instant,
): Promise<number> => {
  if (rows.length === 0) return 0;
  const [result] = await db.query<{ stored: number }>(
    `WITH stored AS (
       INSERT INTO trading_history AS known
         (security_id, time_id, timeframe, feed, open, high, low, close, volume)
       SELECT s.security_id, n.time_id, $1, $2, n.open, n.high, n.low, n.close, n.volume
       FROM unnest($3::text[], $4::integer[], $5::numeric[], $6::numeric[], $7::numeric[],
           $8::numeric[], $9::numeric[])
         AS n(symbol, time_id, open, high, low, close, volume)
       JOIN securities s USING (symbol)
       ON CONFLICT (security_id, timeframe, time_id, feed) DO UPDATE SET open = excluded.open,
         high = excluded.high, low = excluded.low, close = excluded.close,
         volume = excluded.volume, revised_at = $10
       WHERE (known.open, known.high, known.low, known.close, known.volume)
         IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close,
           excluded.volume)
       RETURNING 1)
     SELECT count(*)::int8 AS stored FROM stored`,
    [
      timeframe,
      feed,
      column(rows, 'symbol'),
      numbers(column(rows, 'time_id')),
      numbers(column(rows, 'open')),
      numbers(column(rows, 'high')),
      numbers(column(rows, 'low')),
      numbers(column(rows, 'close')),
      numbers(column(rows, 'volume')),
      at,
    ],
  );
  return result!.stored;
};

const insertRefusedBars = async (
  db: Queryable,
  feed: string,
  rows: readonly RefusedBar[],
  at: Instant,
): Promise<void> => {
  await db.query(
    `INSERT INTO refused_bars (security_id, time_id, timeframe, feed, reason, refused_at)
     SELECT s.security_id, n.time_id, n.timeframe, $1, n.reason, $2
     FROM unnest($3::text[], $4::integer[], $5::text[], $6::text[])
       AS n(symbol, time_id, timeframe, reason)
     JOIN securities s USING (symbol) ON CONFLICT DO NOTHING`,
    [
      feed,
      at,
      column(rows, 'symbol'),
      column(rows, 'time_id'),
      column(rows, 'timeframe'),
      column(rows, 'reason'),
    ],
  );
};

export const createBarStore = (database: Database) => {
  // rows of time_dimension are never changed or deleted
  const knownTimes = new Set<number>();

  /** Makes the minutes known that bars and indicators refer to. */
  const ensureTimes = async (timeIds: readonly number[]): Promise<void> => {
    const missing = [...new Set(timeIds)].filter((timeId) => !knownTimes.has(timeId));
    if (missing.length === 0) return;
    await database.query('SELECT get_or_create_times($1)', [numbers(missing)]);
    for (const timeId of missing) knownTimes.add(timeId);
  };

  return {
    ensureTimes,

    /**
     * Stores bars, and refused ones apart, all or none; what is there with other values is replaced.
     * Symbols must be known, and each bar named once. @returns how many were new or replaced
     */
    saveBars: async (
      timeframe: Timeframe,
      feed: string,
      bars: readonly SymbolBar[],
      refused: readonly RefusedBar[],
      at: Instant,
    ): Promise<number> => {
      await ensureTimes(column(bars, 'time_id'));
      if (refused.length === 0 && bars.length <= BARS_PER_STATEMENT)
        return insertBars(database, timeframe, feed, bars, at);
      return database.transaction(async (tx) => {
        if (refused.length > 0) await insertRefusedBars(tx, feed, refused, at);
        let stored = 0;
        for (let from = 0; from < bars.length; from += BARS_PER_STATEMENT)
          stored += await insertBars(
            tx,
            timeframe,
            feed,
            bars.slice(from, from + BARS_PER_STATEMENT),
            at,
          );
        return stored;
      });
    },

    readBars: (
      symbols: readonly string[],
      timeframe: Timeframe,
      feed: string,
      from: number,
      to: number,
    ) =>
      database.query<SymbolBar>(
        `SELECT symbol, time_id, open, high, low, close, volume FROM v_bars
         WHERE security_id = ANY (SELECT security_id FROM securities WHERE symbol = ANY ($1))
           AND timeframe = $2 AND feed = $3 AND time_id >= $4 AND time_id < $5
         ORDER BY symbol, time_id`,
        [symbols, timeframe, feed, from, to],
      ),

    /** Minute bars of each symbol that are later than its stamp in `after` and before `before`. */
    readLaterMinutes: (after: ReadonlyMap<string, number>, feed: string, before: number) =>
      database.query<SymbolBar>(
        `SELECT w.symbol, b.time_id, b.open, b.high, b.low, b.close, b.volume
         FROM unnest($1::text[], $2::integer[]) AS w(symbol, after)
         JOIN securities s ON s.symbol = w.symbol
         CROSS JOIN LATERAL (
           SELECT time_id, open, high, low, close, volume FROM v_bars
           WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
             AND time_id > w.after AND time_id < $4
           ORDER BY time_id) AS b
         ORDER BY w.symbol, b.time_id`,
        [[...after.keys()], numbers([...after.values()]), feed, before],
      ),

    readDailyBars: (symbols: readonly string[], feed: string, from: number, before: TradeDate) =>
      database.query<DailyBarRow>(
        `SELECT b.symbol, b.time_id, b.open, b.high, b.low, b.close, b.volume, t.trade_date
         FROM v_bars b JOIN time_dimension t USING (time_id)
         WHERE b.security_id = ANY (SELECT security_id FROM securities WHERE symbol = ANY ($1))
           AND b.timeframe = '1day' AND b.feed = $2 AND b.time_id >= $3 AND t.trade_date < $4
         ORDER BY b.symbol, b.time_id`,
        [symbols, feed, from, before],
      ),

    /** The last stored bar of each symbol since `from`. */
    lastBarIds: async (
      symbols: readonly string[],
      timeframe: Timeframe,
      feed: string,
      from: number,
    ): Promise<Map<string, number>> => {
      const rows = await database.query<{ symbol: string; time_id: number | null }>(
        `SELECT s.symbol, (
           SELECT max(h.time_id) FROM trading_history h
           WHERE h.security_id = s.security_id AND h.timeframe = $2 AND h.feed = $3
             AND h.time_id >= $4) AS time_id
         FROM securities s WHERE s.symbol = ANY ($1)`,
        [symbols, timeframe, feed, from],
      );
      return new Map(
        rows.flatMap(({ symbol, time_id }): [string, number][] =>
          time_id === null ? [] : [[symbol, time_id]],
        ),
      );
    },
  };
};
