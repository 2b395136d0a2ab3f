import type { IndicatorValues, Quote } from '@catalyst/contracts';
import type { Instant, Timeframe, TradeDate } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';
import { column, numbers } from './array-literal.ts';

export interface ProfileRow {
  symbol: string;
  sessions: number;
  mean_volumes: readonly number[];
}
interface IndicatorRow {
  symbol: string;
  time_id: number;
  relative_volume: number | null;
  indicators: IndicatorValues;
}

/** Volume profiles, indicators and quotes. */
export const createMeasurementStore = (database: Database) => ({
  /** Each once; what is there already stays as it is. */
  saveProfiles: async (
    tradeDate: TradeDate,
    feed: string,
    rows: readonly ProfileRow[],
  ): Promise<void> => {
    await database.query(
      `INSERT INTO volume_profiles (security_id, trade_date, feed, sessions, mean_volumes)
       SELECT s.security_id, $1, $2, n.sessions, n.mean_volumes::float8[]
       FROM unnest($3::text[], $4::smallint[], $5::text[]) AS n(symbol, sessions, mean_volumes)
       JOIN securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        tradeDate,
        feed,
        column(rows, 'symbol'),
        numbers(column(rows, 'sessions')),
        rows.map(({ mean_volumes }) => numbers(mean_volumes)),
      ],
    );
  },

  readProfiles: async (
    symbols: readonly string[],
    tradeDate: TradeDate,
    feed: string,
  ): Promise<Map<string, readonly number[]>> => {
    const rows = await database.query<{ symbol: string; mean_volumes: number[] }>(
      `SELECT s.symbol, p.mean_volumes FROM volume_profiles p JOIN securities s USING (security_id)
       WHERE s.symbol = ANY ($1) AND p.trade_date = $2 AND p.feed = $3`,
      [symbols, tradeDate, feed],
    );
    return new Map(rows.map((row) => [row.symbol, row.mean_volumes]));
  },

  /** Times must be known. */
  saveIndicators: async (
    timeframe: Timeframe,
    rows: readonly IndicatorRow[],
    at: Instant,
  ): Promise<void> => {
    if (rows.length === 0) return;
    await database.query(
      `INSERT INTO technical_indicators (security_id, time_id, timeframe, relative_volume,
         computed_at, sma_20, sma_50, sma_200, ema_9, ema_21, rsi_14, macd, macd_signal,
         macd_histogram, atr_14, bollinger_upper, bollinger_middle, bollinger_lower, obv,
         volume_ratio)
       SELECT s.security_id, n.time_id, $1, n.relative_volume, $2, n.sma_20, n.sma_50, n.sma_200,
         n.ema_9, n.ema_21, n.rsi_14, n.macd, n.macd_signal, n.macd_histogram, n.atr_14,
         n.bollinger_upper, n.bollinger_middle, n.bollinger_lower, n.obv, n.volume_ratio
       FROM jsonb_to_recordset($3::jsonb) AS n(symbol text, time_id integer,
         relative_volume float8, sma_20 float8, sma_50 float8, sma_200 float8, ema_9 float8,
         ema_21 float8, rsi_14 float8, macd float8, macd_signal float8, macd_histogram float8,
         atr_14 float8, bollinger_upper float8, bollinger_middle float8, bollinger_lower float8,
         obv float8, volume_ratio float8)
       JOIN securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        timeframe,
        at,
        JSON.stringify(
          rows.map(({ symbol, time_id, relative_volume, indicators }) => ({
            symbol,
            time_id,
            relative_volume,
            ...indicators,
          })),
        ),
      ],
    );
  },

  readLastIndicators: async (
    symbol: string,
    timeframe: Timeframe,
  ): Promise<(IndicatorValues & { time_id: number }) | undefined> =>
    (
      await database.query<IndicatorValues & { time_id: number }>(
        `SELECT i.time_id, i.sma_20, i.sma_50, i.sma_200, i.ema_9, i.ema_21, i.rsi_14, i.macd,
           i.macd_signal, i.macd_histogram, i.atr_14, i.bollinger_upper, i.bollinger_middle,
           i.bollinger_lower, i.obv, i.volume_ratio
         FROM technical_indicators i JOIN securities s USING (security_id)
         WHERE s.symbol = $1 AND i.timeframe = $2 ORDER BY i.time_id DESC LIMIT 1`,
        [symbol, timeframe],
      )
    )[0],

  saveQuotes: async (quotes: readonly Quote[], at: Instant): Promise<void> => {
    await database.query(
      `INSERT INTO latest_quotes
         (security_id, bid_price, ask_price, bid_size, ask_size, quoted_at, read_at)
       SELECT s.security_id, n.bid_price, n.ask_price, n.bid_size, n.ask_size, n.quoted_at, $1
       FROM unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
           $7::timestamptz[])
         AS n(symbol, bid_price, ask_price, bid_size, ask_size, quoted_at)
       JOIN securities s USING (symbol)
       ON CONFLICT (security_id) DO UPDATE
         SET bid_price = excluded.bid_price, ask_price = excluded.ask_price,
           bid_size = excluded.bid_size, ask_size = excluded.ask_size,
           quoted_at = excluded.quoted_at, read_at = excluded.read_at`,
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
