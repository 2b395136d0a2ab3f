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

/** Minute bars as they were read, and how many of them were revised, the last one when. */
export interface HeldMinutes {
  bars: readonly Bar[];
  revised: number;
  revised_at: Instant | null;
}
export const NO_MINUTES: HeldMinutes = { bars: [], revised: 0, revised_at: null };

/** A bar of an outer join, beside what is stored up to the last one that is held. */
type MinuteRow = {
  symbol: string;
  held: number;
  held_revised: number;
  held_revised_at: Instant | null;
} & ((Bar & { revised_at: Instant | null }) | { time_id: null });

const isAsHeld = (
  { bars, revised, revised_at }: HeldMinutes,
  stored: Omit<MinuteRow, 'symbol'> | undefined,
): boolean =>
  (stored?.held ?? 0) === bars.length &&
  (stored?.held_revised ?? 0) === revised &&
  (stored?.held_revised_at ?? null) === revised_at;

const addMinutes = (
  { bars, revised, revised_at }: HeldMinutes,
  rows: readonly Omit<MinuteRow, 'symbol'>[],
): HeldMinutes => {
  const fresh = (rows as readonly MinuteRow[]).flatMap((row) =>
    row.time_id === null ? [] : [row],
  );
  const revisions = fresh.flatMap((row) => row.revised_at ?? []);
  return {
    bars: [
      ...bars,
      ...fresh.map(({ time_id, open, high, low, close, volume }) => ({
        time_id,
        open,
        high,
        low,
        close,
        volume,
      })),
    ],
    revised: revised + revisions.length,
    revised_at: [...revisions, ...(revised_at === null ? [] : [revised_at])].sort().at(-1) ?? null,
  };
};

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
   * is held, where the stored ones up to it are as many as they were and none was revised since.
   */
  readMinuteBars: async (
    held: ReadonlyMap<string, HeldMinutes>,
    from: number,
    before: number,
  ): Promise<Map<string, HeldMinutes>> => {
    const read = async (symbols: readonly string[], after: readonly number[]) =>
      bySymbol(
        await database.query<MinuteRow>(
          `SELECT w.symbol, k.held, r.held_revised, r.held_revised_at,
             b.time_id, b.open, b.high, b.low, b.close, b.volume, b.revised_at
           FROM unnest($1::text[], $2::integer[]) AS w(symbol, after)
           JOIN v_securities s ON s.symbol = w.symbol
           CROSS JOIN LATERAL (
             SELECT count(*)::integer AS held FROM v_bars
             WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
               AND time_id >= $4 AND time_id <= w.after) AS k
           CROSS JOIN LATERAL (
             SELECT count(*)::integer AS held_revised, max(revised_at) AS held_revised_at
             FROM v_bars
             WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
               AND time_id >= $4 AND time_id <= w.after AND revised_at IS NOT NULL) AS r
           LEFT JOIN LATERAL (
             SELECT time_id, open, high, low, close, volume, revised_at FROM v_bars
             WHERE security_id = s.security_id AND timeframe = '1min' AND feed = $3
               AND time_id > w.after AND time_id < $5
             ORDER BY time_id) AS b ON true
           ORDER BY w.symbol, b.time_id`,
          [symbols, after, feed, from, before],
        ),
      );
    const symbols = [...held.keys()];
    const rows = await read(
      symbols,
      symbols.map((symbol) => held.get(symbol)!.bars.at(-1)?.time_id ?? from - 1),
    );
    // a bar that came late, or was corrected, lies among those that are held
    const changed = symbols.filter((symbol) => !isAsHeld(held.get(symbol)!, rows.get(symbol)?.[0]));
    const whole =
      changed.length === 0
        ? new Map<string, Omit<MinuteRow, 'symbol'>[]>()
        : await read(
            changed,
            changed.map(() => from - 1),
          );
    return new Map(
      symbols.map((symbol) => [
        symbol,
        changed.includes(symbol)
          ? addMinutes(NO_MINUTES, whole.get(symbol) ?? [])
          : addMinutes(held.get(symbol)!, rows.get(symbol) ?? []),
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
