import type { Bar, CalendarDay, DailyBar, Instant, ShareSplit, TradeDate } from '@catalyst/domain';
import type { DetectedPattern, ScanPhase } from '@catalyst/contracts';
import type { Database } from '@catalyst/service-kit';

// the feed under which technical stores consolidated daily bars
const DAILY_FEED = 'sip';

const column = <T, K extends keyof T>(rows: readonly T[], name: K): T[K][] =>
  rows.map((row) => row[name]);
const bySymbol = <T extends { symbol: string }>(
  rows: readonly T[],
): Map<string, Omit<T, 'symbol'>[]> => {
  const groups = new Map<string, Omit<T, 'symbol'>[]>();
  for (const { symbol, ...row } of rows) {
    const group = groups.get(symbol);
    if (group) group.push(row);
    else groups.set(symbol, [row]);
  }
  return groups;
};

/** The bars of an outer join, by symbol. */
const barsOf = (
  rows: readonly ({ symbol: string; held: number } & (Bar | { time_id: null }))[],
): Map<string, Bar[]> =>
  bySymbol(
    rows.flatMap((row) => {
      if (row.time_id === null) return [];
      const { held: _, ...bar } = row;
      return [bar];
    }),
  );

export interface PatternRow extends DetectedPattern {
  pattern_id: string;
  time_id: number;
}

export const createStore = (database: Database, feed: string) => ({
  /** The trading day of a date, or the last one before it. */
  readTradingDay: async (date: TradeDate): Promise<CalendarDay | undefined> =>
    (
      await database.query<CalendarDay>(
        `SELECT trade_date AS date, open, close FROM v_market_calendar WHERE trade_date <= $1
         ORDER BY trade_date DESC LIMIT 1`,
        [date],
      )
    )[0],

  /**
   * Minute bars from `from` on and before `before`; of each symbol only those after the last that
   * is held, where the stored ones up to it are still as many. What is stored never changes, so
   * the count and the last stamp are all that held bars depend on.
   */
  readMinuteBars: async (
    held: ReadonlyMap<string, readonly Bar[]>,
    from: number,
    before: number,
  ): Promise<Map<string, Bar[]>> => {
    const symbols = [...held.keys()];
    const last = symbols.map((symbol) => held.get(symbol)!.at(-1)?.time_id ?? from - 1);
    const read = (wanted: readonly string[], after: readonly number[]) =>
      database.query<{ symbol: string; held: number } & (Bar | { time_id: null })>(
        `SELECT w.symbol, k.held, b.time_id, b.open, b.high, b.low, b.close, b.volume
         FROM unnest($1::text[], $2::integer[]) AS w(symbol, after)
         JOIN v_securities s ON s.symbol = w.symbol
         CROSS JOIN LATERAL (
           SELECT count(*)::integer AS held FROM v_bars
           WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
             AND time_id >= $4 AND time_id <= w.after) AS k
         LEFT JOIN LATERAL (
           SELECT time_id, open, high, low, close, volume FROM v_bars
           WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
             AND time_id > w.after AND time_id < $5
           ORDER BY time_id) AS b ON true
         ORDER BY w.symbol, b.time_id`,
        [wanted, after, feed, from, before],
      );
    const rows = await read(symbols, last);
    const fresh = barsOf(rows);
    // a bar that came late lies among those that are held
    const counts = new Map(rows.map((row) => [row.symbol, row.held]));
    const changed = symbols.filter(
      (symbol) => (counts.get(symbol) ?? 0) !== held.get(symbol)!.length,
    );
    const whole =
      changed.length === 0
        ? new Map<string, Bar[]>()
        : barsOf(
            await read(
              changed,
              changed.map(() => from - 1),
            ),
          );
    return new Map(
      symbols.map((symbol) => [
        symbol,
        changed.includes(symbol)
          ? (whole.get(symbol) ?? [])
          : [...held.get(symbol)!, ...(fresh.get(symbol) ?? [])],
      ]),
    );
  },

  readDailyBars: async (
    symbols: readonly string[],
    from: number,
    before: TradeDate,
  ): Promise<Map<string, DailyBar[]>> =>
    bySymbol(
      await database.query<DailyBar & { symbol: string }>(
        `SELECT b.symbol, b.time_id, b.open, b.high, b.low, b.close, b.volume, t.trade_date
         FROM v_bars b JOIN time_dimension t USING (time_id)
         WHERE b.security_id = ANY (SELECT security_id FROM v_securities WHERE symbol = ANY ($1))
           AND b.timeframe = '1day' AND b.feed = $2 AND b.time_id >= $3 AND t.trade_date < $4
         ORDER BY b.symbol, b.time_id`,
        [symbols, DAILY_FEED, from, before],
      ),
    ),

  readSplits: async (symbols: readonly string[]): Promise<Map<string, ShareSplit[]>> =>
    bySymbol(
      await database.query<ShareSplit & { symbol: string }>(
        `SELECT symbol, ex_date, old_rate::float8 AS old_rate, new_rate::float8 AS new_rate
         FROM v_corporate_actions
         WHERE symbol = ANY ($1) AND action_type IN ('forward_split', 'reverse_split')
         ORDER BY symbol, ex_date`,
        [symbols],
      ),
    ),

  savePatterns: async (
    rows: readonly PatternRow[],
    phase: ScanPhase,
    at: Instant,
  ): Promise<void> => {
    if (rows.length === 0) return;
    await database.query(
      `INSERT INTO pattern_detections (pattern_id, security_id, time_id, timeframe, pattern,
         confidence, level, entry, stop, target, reward_to_risk, evidence, phase, detected_at)
       SELECT n.pattern_id, s.security_id, n.time_id, n.timeframe, n.pattern, n.confidence, n.level,
         n.entry, n.stop, n.target, n.reward_to_risk, n.evidence, $1, $2
       FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::float8[],
         $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::jsonb[])
         AS n(pattern_id, symbol, time_id, timeframe, pattern, confidence, level, entry, stop,
           target, reward_to_risk, evidence)
       JOIN v_securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        phase,
        at,
        column(rows, 'pattern_id'),
        column(rows, 'symbol'),
        column(rows, 'time_id'),
        column(rows, 'timeframe'),
        column(rows, 'pattern'),
        column(rows, 'confidence'),
        column(rows, 'level'),
        column(rows, 'entry'),
        column(rows, 'stop'),
        column(rows, 'target'),
        column(rows, 'reward_to_risk'),
        rows.map((row) => JSON.stringify(row.evidence)),
      ],
    );
  },
});
export type Store = ReturnType<typeof createStore>;
