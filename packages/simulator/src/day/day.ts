import type { CalendarDay } from '@catalyst/domain';

export type { CalendarDay };

/** Version of the folder format that this code reads and writes; another number is refused. */
export const DAY_FORMAT = 1;

/**
 * One minute of trades. Prices in dollars, raw; `minute` counts from midnight in New York and is
 * the START of the bar.
 */
export interface DayBar {
  minute: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trade_count: number;
  vwap: number;
}

/** What a vendor's file tells of a minute: no trade count and no average price. */
export type PricedMinute = Omit<DayBar, 'trade_count' | 'vwap'>;

/** One session, raw prices in dollars, volume in shares. */
export interface DailyBar {
  date: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export const auctionKinds = ['open', 'close'] as const;

/**
 * The one print of an opening or closing auction: part of the volume of the session's first minute,
 * at its open, or of its last, at its close.
 */
export interface DayAuction {
  symbol: string;
  kind: (typeof auctionKinds)[number];
  /** Shares. */
  size: number;
}

export const listingExchanges = ['NASDAQ', 'NYSE', 'ARCA', 'AMEX'] as const;
export type ListingExchange = (typeof listingExchanges)[number];

export interface DaySecurity {
  symbol: string;
  name: string;
  exchange: ListingExchange;
  /** One of the 11 GICS sectors; null for funds and where the source does not say. */
  sector: string | null;
  tradable: boolean;
  shortable: boolean;
  easy_to_borrow: boolean;
  marginable: boolean;
  fractionable: boolean;
}

/**
 * An article as a newswire sends it. Instants are ISO 8601 in UTC; the text is whatever the wire
 * carried, markup included.
 */
export interface DayNews {
  id: number;
  created_at: string;
  updated_at: string;
  headline: string;
  summary: string;
  content: string;
  author: string;
  source: string;
  url: string;
  symbols: string[];
}

export const corporateActionTypes = ['forward_split', 'reverse_split', 'cash_dividend'] as const;
export type CorporateActionType = (typeof corporateActionTypes)[number];

/**
 * Splits give `old_rate` shares as `new_rate` shares; dividends pay `cash` dollars a share. Decimal
 * strings. Effective from the open of `ex_date`.
 */
export interface CorporateAction {
  symbol: string;
  type: CorporateActionType;
  ex_date: string;
  new_rate: string | null;
  old_rate: string | null;
  cash: string | null;
}

export const marketEventKinds = ['halt', 'stale_quote', 'wide_spread'] as const;
export type MarketEventKind = (typeof marketEventKinds)[number];

/**
 * Something that happens at the exchange from the start of `from_minute` to the start of
 * `to_minute` (half-open), minutes since midnight in New York.
 */
export interface MarketEvent {
  symbol: string;
  kind: MarketEventKind;
  from_minute: number;
  to_minute: number;
}

/** A vendor's bar that was left out of the day, with what it said and why. */
export interface RefusedBar {
  symbol: string;
  minute: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  reason: string;
}

export type DayKind = 'generated' | 'imported';

/** A trading day as it is stored in one folder; `days/README.md` describes the files. */
export interface Day {
  dir: string;
  trade_date: string;
  kind: DayKind;
  seed: number;
  description: string;
  /**
   * What a reader should know about the data: how the volume profile was made, what is an estimate.
   */
  notes: string[];
  refused_bars: RefusedBar[];
  calendar: CalendarDay[];
  securities: DaySecurity[];
  /** By symbol, ordered by minute; a minute without trades has no bar. */
  minute_bars: Map<string, DayBar[]>;
  /** By symbol, ordered by date: the sessions before `trade_date`, raw prices. */
  daily_bars: Map<string, DailyBar[]>;
  /**
   * By symbol: mean volume of the 20 sessions before, for each minute since midnight in New York
   * (1,440 numbers).
   */
  volume_profile: Map<string, number[]>;
  corporate_actions: CorporateAction[];
  news: DayNews[];
  events: MarketEvent[];
  /** Absent where the source does not tell auctions from other trades. */
  auctions?: DayAuction[];
}

/**
 * What an article really does to its stock; kept beside a generated day so that forecasts can be
 * judged, read by nobody during the day.
 */
export interface TrueCatalyst {
  article_id: number;
  symbol: string;
  direction: 'up' | 'down';
  /** Size of the move that the story causes, as a ratio of the price (0.04 is four per cent). */
  move_ratio: number;
  /** Minutes from publication (or from 04:00, when that is later) until the move begins. */
  delay_minutes: number;
  /** Minutes over which the move happens. */
  duration_minutes: number;
}

/**
 * A deliberate difficulty in a generated day: what it is, whom it concerns and which articles
 * belong to it.
 */
export interface PlantedTrap {
  kind: string;
  symbol: string;
  article_ids: number[];
  description: string;
}

/**
 * An article that looks like news and moves nothing: routine news, a recap of what the price did, a
 * planted text, or stale news, which tells in other words what another article told hours before.
 */
export interface Decoy {
  article_id: number;
  symbol: string;
  kind: DecoyKind;
  /** The article that told it first; stale news only. */
  tells_again?: number;
}
export type DecoyKind = 'routine' | 'recap' | 'planted' | 'stale';

export interface DayTruth {
  catalysts: TrueCatalyst[];
  traps: PlantedTrap[];
  /** Ordered by time. */
  decoys: Decoy[];
}

export interface GeneratedDay extends Day {
  truth: DayTruth;
}
