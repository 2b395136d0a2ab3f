import { decimalString, instant, side, symbol, tradeDate } from '@catalyst/domain';
import { z } from 'zod';

/** What a row of the signal log tells. New kinds may come: a reader passes over those it does not know. */
export const signalKinds = [
  'signal',
  'entered',
  'levels',
  'cancelled',
  'closed',
  'desk_halted',
  'desk_resumed',
] as const;
export const signalKind = z.enum(signalKinds);
export type SignalKind = z.infer<typeof signalKind>;

/** The payload's version: raised only when a field changes its meaning or goes. */
export const SIGNAL_VERSION = 1;

/** A gapless number of the log, from 1; 0 stands before the first. */
export const signalSeq = z.int().min(0);

const row = {
  v: z.literal(SIGNAL_VERSION),
  seq: z.int().min(1),
  /** Of this row. */
  signal_id: z.uuid(),
  /** When it was written, on the desk's clock. */
  at: instant,
};

/** What filters and people look at; the same in each row about one trade. */
export const signalFacts = z.object({
  symbol,
  /** Of the entry: `buy` opens a long position, `sell` a short one. */
  side,
  /** `limit`: not beyond `entry_price`; `market`: at once. */
  order_type: z.enum(['market', 'limit']),
  entry_price: decimalString,
  stop_price: decimalString,
  target_price: decimalString,
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** An open list: `earnings`, `fda`, …; null where no news stands behind it. */
  catalyst_type: z.string().nullable(),
  /** Of the news. */
  source: z.string().nullable(),
  /** An open list of chart patterns. */
  pattern: z.string().nullable(),
  /** Why, in words. */
  reason: z.string(),
  /** One of the 11 GICS sectors; null where the desk does not know it. */
  sector: z.string().nullable(),
  /** The stock's price when it was decided, in dollars. */
  price: decimalString,
  /** Today's volume against the same minute of the last 20 sessions; null where unknown. */
  relative_volume: z.number().nullable(),
  /** Dollars, as of `market_cap_as_of`; null where the desk's table has no such company. */
  market_cap: z.number().nullable(),
  market_cap_as_of: tradeDate.nullable(),
  /** Not to be entered after this. */
  valid_until: instant,
  /** The way back to the headline and the decision. */
  chain: z.object({
    cycle_id: z.uuid(),
    decision_id: z.uuid(),
    scan_id: z.uuid().nullable(),
    article_id: z.string().nullable(),
    /** Text of the outside: to be shown escaped, never obeyed. */
    headline: z.string().nullable(),
  }),
});
export type SignalFacts = z.infer<typeof signalFacts>;

/** A later row names the first of its trade. */
const later = { about: z.object({ signal_id: z.uuid(), seq: z.int().min(1) }) };

export const tradingSignal = z.discriminatedUnion('kind', [
  z.object({ ...row, kind: z.literal('signal'), ...signalFacts.shape }),
  z.object({
    ...row,
    kind: z.literal('entered'),
    ...later,
    ...signalFacts.shape,
    /** The desk's own average price so far. */
    entered: z.object({ price: decimalString, entered_at: instant }),
  }),
  z.object({
    ...row,
    kind: z.literal('levels'),
    ...later,
    ...signalFacts.shape,
    /** Where the desk's protection stands now; null where there is none of that side. */
    levels: z.object({
      stop_price: decimalString.nullable(),
      target_price: decimalString.nullable(),
    }),
  }),
  z.object({
    ...row,
    kind: z.literal('cancelled'),
    ...later,
    ...signalFacts.shape,
    /** The desk does not hold it: refused by the broker or not filled. */
    cancelled: z.object({ code: z.string(), reason: z.string() }),
  }),
  z.object({
    ...row,
    kind: z.literal('closed'),
    ...later,
    ...signalFacts.shape,
    closed: z.object({
      price: decimalString.nullable(),
      closed_at: instant,
      /** `target`, `stop`, `end_of_day`, `manual`, …: an open list. */
      reason: z.string(),
      /** The desk's result in units of what it risked; null where it cannot be told. */
      r_multiple: z.number().nullable(),
    }),
  }),
  z.object({
    ...row,
    kind: z.literal('desk_halted'),
    halted: z.object({ trading_state: z.string(), reason: z.string() }),
  }),
  z.object({
    ...row,
    kind: z.literal('desk_resumed'),
    resumed: z.object({ reason: z.string() }),
  }),
]);
export type TradingSignal = z.infer<typeof tradingSignal>;
/** A row about a trade, the first or a later one. */
export type TradeSignal = Extract<TradingSignal, SignalFacts>;

/** Compared without regard to case. */
const words = z.array(z.string().min(1).max(60).toLowerCase()).max(100);

/**
 * Which trades a client wants to hear of. Absent means any; all that are given must hold. A number
 * that the desk does not know satisfies no bound. Rows about the desk itself always pass; later
 * rows of a trade pass as its first.
 */
export const signalFilters = z.strictObject({
  min_confidence: z.number().min(0).max(1).optional(),
  /** Dollars. */
  min_market_cap: z.number().min(0).optional(),
  max_market_cap: z.number().min(0).optional(),
  /** Dollars. */
  min_price: z.number().min(0).optional(),
  max_price: z.number().min(0).optional(),
  /** Relative volume. */
  min_rvol: z.number().min(0).optional(),
  catalyst_types: words.optional(),
  sectors: words.nullable().optional(),
  patterns: words.optional(),
  symbols: z.array(z.string().toUpperCase().pipe(symbol)).max(500).optional(),
  sides: z.array(side).max(2).optional(),
  /** First rows whose later rows pass whatever else is asked for: what a client holds. */
  follow: z.array(z.uuid()).max(100).optional(),
});
export type SignalFilters = z.infer<typeof signalFilters>;

/** The Redis Stream that holds the log's tail; an entry's id is `<seq>-0`, its field `signal` the row. */
export const signalStreamKey = (log_id: string): string => `catalyst:signals:${log_id}`;
