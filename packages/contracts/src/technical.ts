import {
  bar,
  calendarDay,
  decimalString,
  gicsSector,
  instant,
  symbol,
  timeframe,
  tradeDate,
} from '@catalyst/domain';
import { z } from 'zod';
import { route } from './route.ts';

/** Before the open the funnel reads daily bars; after it, running intraday bars. */
export const scanPhase = z.enum(['pre_market', 'intraday']);
export type ScanPhase = z.infer<typeof scanPhase>;

export const universeMember = z.object({
  symbol,
  name: z.string(),
  sector: gicsSector.nullable(),
  last_price: z.number(),
  /** Mean consolidated shares a day over the last 20 sessions. */
  average_volume: z.number(),
  has_news: z.boolean(),
  shortable: z.boolean(),
});
export const universeRefusal = z.object({ symbol, reason: z.string() });

const value = z.number().nullable();
/** Indicators at the last finished bar; null where there are too few bars. */
export const indicatorValues = z.object({
  sma_20: value,
  sma_50: value,
  sma_200: value,
  ema_9: value,
  ema_21: value,
  rsi_14: value,
  macd: value,
  macd_signal: value,
  macd_histogram: value,
  atr_14: value,
  bollinger_upper: value,
  bollinger_middle: value,
  bollinger_lower: value,
  obv: value,
  volume_ratio: value,
});
export type IndicatorValues = z.infer<typeof indicatorValues>;

export const technicalSnapshot = z.object({
  symbol,
  phase: scanPhase,
  timeframe,
  as_of: instant,
  bars: z.int(),
  last_price: value,
  /** Volume so far against what the last 20 sessions had by the same minute; 1 is usual. */
  relative_volume: value,
  /** Against the previous close, splits adjusted; 0.05 is +5 %. */
  gap_ratio: value,
  indicators: indicatorValues,
});
export type TechnicalSnapshot = z.infer<typeof technicalSnapshot>;

export const quote = z.object({
  symbol,
  bid_price: decimalString,
  ask_price: decimalString,
  bid_size: z.number(),
  ask_size: z.number(),
  quoted_at: instant,
});
export type Quote = z.infer<typeof quote>;

const symbols = z.array(symbol).min(1).max(500);
/**
 * The session that is asked of, where it is over and not the one at hand; nothing that is kept of
 * the day at hand is read or changed then.
 */
export const sessionOver = z.strictObject({ session_date: tradeDate.optional() });

export const technicalApi = {
  syncReference: route('POST', '/api/v1/reference/sync', {
    summary:
      "Brings the exchange's calendar, the assets and the corporate actions up to date; the first call of a cycle.",
    body: z.strictObject({ trade_date: z.iso.date() }),
    response: z.object({
      securities: z.int(),
      calendar_days: z.int(),
      /** Null when the exchange is closed that day. */ trading_day: calendarDay.nullable(),
      next_trading_day: calendarDay.nullable(),
      /** Assets, days and corporate actions that the broker sent and nobody can read. */
      unread: z.array(z.string()),
    }),
    repeatable: true,
  }),
  selectUniverse: route('POST', '/api/v1/universe', {
    summary:
      'Brings daily bars up to date and selects the active stocks: volume over 1M, price over $5, news within 24 h.',
    body: sessionOver.extend({
      limit: z.int().min(1).max(200).default(100),
      symbols_with_news: z.array(symbol).max(2000),
    }),
    response: z.object({
      as_of: instant,
      securities: z.int(),
      members: z.array(universeMember),
      refused: z.array(universeRefusal),
    }),
    repeatable: true,
  }),
  ingestBars: route('POST', '/api/v1/bars/ingest', {
    summary:
      'Fetches and stores the minute bars finished since the last call; a bad bar is refused, counted and reported.',
    body: z.strictObject({ symbols }),
    response: z.object({
      stored: z.int(),
      refused: z.array(z.object({ symbol: z.string(), reason: z.string() })),
      /**
       * Symbols without a bar of the last finished minute: nothing was traded, or the vendor is
       * late.
       */
      missing: z.array(symbol),
    }),
    repeatable: true,
  }),
  computeSnapshots: route('POST', '/api/v1/snapshots', {
    summary:
      'Indicators, relative volume and gap of each symbol at the last finished bar; stored and returned.',
    body: sessionOver.extend({ symbols, phase: scanPhase }),
    response: z.object({ snapshots: z.array(technicalSnapshot) }),
    repeatable: true,
  }),
  refreshQuotes: route('POST', '/api/v1/quotes/refresh', {
    summary:
      'Fetches and stores the latest quote of each symbol; symbols without one are missing from the answer.',
    body: z.strictObject({ symbols }),
    response: z.object({ quotes: z.array(quote) }),
    repeatable: true,
  }),
  listBars: route('GET', '/api/v1/bars/:symbol', {
    summary: 'Stored bars of a symbol, oldest first, finished ones only.',
    params: z.object({ symbol }),
    query: z.strictObject({
      timeframe: timeframe.default('1min'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    response: z.object({ symbol, timeframe, bars: z.array(bar) }),
  }),
  showIndicators: route('GET', '/api/v1/indicators/:symbol', {
    summary: 'The last stored indicators of a symbol.',
    params: z.object({ symbol }),
    query: z.strictObject({ timeframe: timeframe.default('1day') }),
    response: z.object({ symbol, timeframe, time_id: z.int(), indicators: indicatorValues }),
  }),
};
