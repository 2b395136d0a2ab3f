import type { IndicatorValues, Quote } from '@catalyst/contracts';
import type { Bar, CalendarDay, GicsSector, Instant, Timeframe, TradeDate } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';

export interface SecurityRow {
  symbol: string;
  name: string;
  exchange: string;
  is_tradable: boolean;
  is_shortable: boolean;
  sector: GicsSector | null;
}
export interface SplitRow {
  symbol: string;
  ex_date: TradeDate;
  old_rate: number;
  new_rate: number;
}
export interface SymbolBar extends Bar {
  symbol: string;
}
export interface DailyBarRow extends SymbolBar {
  trade_date: TradeDate;
}
export interface RefusedBar {
  symbol: string;
  time_id: number;
  timeframe: Timeframe;
  reason: string;
}
export interface CorporateActionRow {
  symbol: string;
  ex_date: TradeDate;
  action_type: string;
  new_rate: string | null;
  old_rate: string | null;
  cash_usd: string | null;
}

const column = <T, K extends keyof T>(rows: readonly T[], name: K): T[K][] =>
  rows.map((row) => row[name]);
const BARS_PER_STATEMENT = 5000;

export const createStore = (database: Database) => ({
  transaction: database.transaction,

  saveCalendar: async (db: Queryable, days: readonly CalendarDay[]): Promise<void> => {
    await db.query(
      `INSERT INTO market_calendar (trade_date, open_time, close_time) SELECT * FROM unnest($1::date[], $2::time[], $3::time[])
       ON CONFLICT (trade_date) DO UPDATE SET open_time = excluded.open_time, close_time = excluded.close_time
       WHERE (market_calendar.open_time, market_calendar.close_time) <> (excluded.open_time, excluded.close_time)`,
      [column(days, 'date'), column(days, 'open'), column(days, 'close')],
    );
  },

  /** The exchange's days from a date on, oldest first. */
  readCalendar: async (from: TradeDate, to: TradeDate): Promise<CalendarDay[]> =>
    database.query<CalendarDay>(
      "SELECT trade_date AS date, to_char(open_time, 'HH24:MI') AS open, to_char(close_time, 'HH24:MI') AS close FROM market_calendar WHERE trade_date >= $1 AND trade_date <= $2 ORDER BY trade_date",
      [from, to],
    ),

  saveSecurities: async (
    db: Queryable,
    rows: readonly SecurityRow[],
    at: Instant,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO securities (symbol, name, exchange, is_tradable, is_shortable, sector_id, updated_at)
       SELECT n.symbol, n.name, n.exchange, n.is_tradable, n.is_shortable, x.sector_id, $7
       FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::boolean[], $6::text[]) AS n(symbol, name, exchange, is_tradable, is_shortable, sector)
       LEFT JOIN sectors x ON x.name = n.sector ORDER BY n.symbol
       ON CONFLICT (symbol) DO UPDATE SET name = excluded.name, exchange = excluded.exchange, is_tradable = excluded.is_tradable, is_shortable = excluded.is_shortable,
         sector_id = coalesce(excluded.sector_id, securities.sector_id), updated_at = excluded.updated_at`,
      [
        column(rows, 'symbol'),
        column(rows, 'name'),
        column(rows, 'exchange'),
        column(rows, 'is_tradable'),
        column(rows, 'is_shortable'),
        column(rows, 'sector'),
        at,
      ],
    );
  },

  countSecurities: async (): Promise<number> =>
    (
      await database.query<{ count: number }>(
        'SELECT count(*)::int8 AS count FROM securities WHERE is_tradable',
      )
    )[0]!.count,

  readSecurities: (symbols: readonly string[]) =>
    database.query<{
      symbol: string;
      name: string;
      sector: GicsSector | null;
      is_tradable: boolean;
      is_shortable: boolean;
    }>(
      'SELECT symbol, name, sector, is_tradable, is_shortable FROM v_securities WHERE symbol = ANY ($1) ORDER BY symbol',
      [symbols],
    ),

  saveCorporateActions: async (
    db: Queryable,
    rows: readonly CorporateActionRow[],
    at: Instant,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO corporate_actions (security_id, ex_date, action_type, new_rate, old_rate, cash_usd, first_seen_at)
       SELECT s.security_id, n.ex_date, n.action_type, n.new_rate, n.old_rate, n.cash_usd, $7
       FROM unnest($1::text[], $2::date[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[]) AS n(symbol, ex_date, action_type, new_rate, old_rate, cash_usd)
       JOIN securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        column(rows, 'symbol'),
        column(rows, 'ex_date'),
        column(rows, 'action_type'),
        column(rows, 'new_rate'),
        column(rows, 'old_rate'),
        column(rows, 'cash_usd'),
        at,
      ],
    );
  },

  readSplits: (symbols: readonly string[]) =>
    database.query<SplitRow>(
      `SELECT symbol, ex_date, old_rate::float8 AS old_rate, new_rate::float8 AS new_rate FROM v_corporate_actions
       WHERE symbol = ANY ($1) AND action_type IN ('forward_split', 'reverse_split') ORDER BY symbol, ex_date`,
      [symbols],
    ),

  /**
   * Stores bars set by set; what is there already stays as it is. Symbols must be known. @returns
   * how many were new
   */
  saveBars: async (
    db: Queryable,
    timeframe: Timeframe,
    feed: string,
    bars: readonly SymbolBar[],
  ): Promise<number> => {
    let stored = 0;
    for (let from = 0; from < bars.length; from += BARS_PER_STATEMENT) {
      const rows = bars.slice(from, from + BARS_PER_STATEMENT);
      await db.query('SELECT get_or_create_times($1)', [[...new Set(column(rows, 'time_id'))]]);
      const [result] = await db.query<{ stored: number }>(
        `WITH stored AS (
           INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close, volume)
           SELECT s.security_id, n.time_id, $1, $2, n.open, n.high, n.low, n.close, n.volume
           FROM unnest($3::text[], $4::integer[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[]) AS n(symbol, time_id, open, high, low, close, volume)
           JOIN securities s USING (symbol) ON CONFLICT DO NOTHING RETURNING 1)
         SELECT count(*)::int8 AS stored FROM stored`,
        [
          timeframe,
          feed,
          column(rows, 'symbol'),
          column(rows, 'time_id'),
          column(rows, 'open'),
          column(rows, 'high'),
          column(rows, 'low'),
          column(rows, 'close'),
          column(rows, 'volume'),
        ],
      );
      stored += result!.stored;
    }
    return stored;
  },

  saveRefusedBars: async (
    db: Queryable,
    feed: string,
    rows: readonly RefusedBar[],
    at: Instant,
  ): Promise<void> => {
    await db.query(
      `INSERT INTO refused_bars (security_id, time_id, timeframe, feed, reason, refused_at)
       SELECT s.security_id, n.time_id, n.timeframe, $1, n.reason, $2 FROM unnest($3::text[], $4::integer[], $5::text[], $6::text[]) AS n(symbol, time_id, timeframe, reason)
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
       WHERE security_id = ANY (SELECT security_id FROM securities WHERE symbol = ANY ($1)) AND timeframe = $2 AND feed = $3 AND time_id >= $4 AND time_id < $5 ORDER BY symbol, time_id`,
      [symbols, timeframe, feed, from, to],
    ),

  readDailyBars: (symbols: readonly string[], feed: string, from: number, before: TradeDate) =>
    database.query<DailyBarRow>(
      `SELECT b.symbol, b.time_id, b.open, b.high, b.low, b.close, b.volume, t.trade_date FROM v_bars b JOIN time_dimension t USING (time_id)
       WHERE b.security_id = ANY (SELECT security_id FROM securities WHERE symbol = ANY ($1)) AND b.timeframe = '1day' AND b.feed = $2 AND b.time_id >= $3 AND t.trade_date < $4 ORDER BY b.symbol, b.time_id`,
      [symbols, feed, from, before],
    ),

  /** The last stored bar of each symbol since `from`. */
  lastBarIds: async (
    symbols: readonly string[],
    timeframe: Timeframe,
    feed: string,
    from: number,
  ): Promise<Map<string, number>> => {
    const rows = await database.query<{ symbol: string; time_id: number }>(
      `SELECT s.symbol, (SELECT max(h.time_id) FROM trading_history h WHERE h.security_id = s.security_id AND h.timeframe = $2 AND h.feed = $3 AND h.time_id >= $4) AS time_id
       FROM securities s WHERE s.symbol = ANY ($1)`,
      [symbols, timeframe, feed, from],
    );
    return new Map(
      rows.filter((row) => row.time_id !== null).map((row) => [row.symbol, row.time_id]),
    );
  },

  saveProfiles: async (
    db: Queryable,
    tradeDate: TradeDate,
    feed: string,
    rows: readonly { symbol: string; sessions: number; mean_volumes: readonly number[] }[],
  ): Promise<void> => {
    for (const row of rows) {
      await db.query(
        `INSERT INTO volume_profiles (security_id, trade_date, feed, sessions, mean_volumes) SELECT security_id, $2, $3, $4, $5 FROM securities WHERE symbol = $1 ON CONFLICT DO NOTHING`,
        [row.symbol, tradeDate, feed, row.sessions, row.mean_volumes],
      );
    }
  },

  readProfiles: async (
    symbols: readonly string[],
    tradeDate: TradeDate,
    feed: string,
  ): Promise<Map<string, number[]>> => {
    const rows = await database.query<{ symbol: string; mean_volumes: number[] }>(
      'SELECT s.symbol, p.mean_volumes FROM volume_profiles p JOIN securities s USING (security_id) WHERE s.symbol = ANY ($1) AND p.trade_date = $2 AND p.feed = $3',
      [symbols, tradeDate, feed],
    );
    return new Map(rows.map((row) => [row.symbol, row.mean_volumes]));
  },

  saveIndicators: async (
    timeframe: Timeframe,
    rows: readonly {
      symbol: string;
      time_id: number;
      relative_volume: number | null;
      indicators: IndicatorValues;
    }[],
    at: Instant,
  ): Promise<void> => {
    if (rows.length === 0) return;
    await database.transaction(async (tx) => {
      await tx.query('SELECT get_or_create_times($1)', [[...new Set(column(rows, 'time_id'))]]);
      await tx.query(
        `INSERT INTO technical_indicators (security_id, time_id, timeframe, relative_volume, computed_at, sma_20, sma_50, sma_200, ema_9, ema_21, rsi_14, macd, macd_signal, macd_histogram, atr_14, bollinger_upper, bollinger_middle, bollinger_lower, obv, volume_ratio)
         SELECT s.security_id, n.time_id, $1, n.relative_volume, $2, i.sma_20, i.sma_50, i.sma_200, i.ema_9, i.ema_21, i.rsi_14, i.macd, i.macd_signal, i.macd_histogram, i.atr_14, i.bollinger_upper, i.bollinger_middle, i.bollinger_lower, i.obv, i.volume_ratio
         FROM unnest($3::text[], $4::integer[], $5::float8[], $6::jsonb[]) AS n(symbol, time_id, relative_volume, indicators)
         JOIN securities s USING (symbol), jsonb_to_record(n.indicators) AS i(sma_20 float8, sma_50 float8, sma_200 float8, ema_9 float8, ema_21 float8, rsi_14 float8, macd float8, macd_signal float8, macd_histogram float8,
           atr_14 float8, bollinger_upper float8, bollinger_middle float8, bollinger_lower float8, obv float8, volume_ratio float8)
         ON CONFLICT DO NOTHING`,
        [
          timeframe,
          at,
          column(rows, 'symbol'),
          column(rows, 'time_id'),
          column(rows, 'relative_volume'),
          rows.map((row) => JSON.stringify(row.indicators)),
        ],
      );
    });
  },

  readLastIndicators: async (
    symbol: string,
    timeframe: Timeframe,
  ): Promise<(IndicatorValues & { time_id: number }) | undefined> =>
    (
      await database.query<IndicatorValues & { time_id: number }>(
        `SELECT i.time_id, i.sma_20, i.sma_50, i.sma_200, i.ema_9, i.ema_21, i.rsi_14, i.macd, i.macd_signal, i.macd_histogram, i.atr_14, i.bollinger_upper, i.bollinger_middle, i.bollinger_lower, i.obv, i.volume_ratio
       FROM technical_indicators i JOIN securities s USING (security_id) WHERE s.symbol = $1 AND i.timeframe = $2 ORDER BY i.time_id DESC LIMIT 1`,
        [symbol, timeframe],
      )
    )[0],

  saveQuotes: async (quotes: readonly Quote[], at: Instant): Promise<void> => {
    await database.query(
      `INSERT INTO latest_quotes (security_id, bid_price, ask_price, bid_size, ask_size, quoted_at, read_at)
       SELECT s.security_id, n.bid_price, n.ask_price, n.bid_size, n.ask_size, n.quoted_at, $1
       FROM unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::timestamptz[]) AS n(symbol, bid_price, ask_price, bid_size, ask_size, quoted_at) JOIN securities s USING (symbol)
       ON CONFLICT (security_id) DO UPDATE SET bid_price = excluded.bid_price, ask_price = excluded.ask_price, bid_size = excluded.bid_size, ask_size = excluded.ask_size, quoted_at = excluded.quoted_at, read_at = excluded.read_at`,
      [
        at,
        column(quotes, 'symbol'),
        column(quotes, 'bid_price'),
        column(quotes, 'ask_price'),
        column(quotes, 'bid_size'),
        column(quotes, 'ask_size'),
        column(quotes, 'quoted_at'),
      ],
    );
  },
});
export type Store = ReturnType<typeof createStore>;
