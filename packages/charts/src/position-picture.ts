/** What a picture of one position is drawn from; prices are numbers, since they become pixels. */
export interface PositionPicture {
  symbol: string;
  direction: 'long' | 'short';
  /** Shares, as they are told. */
  qty: string;
  bar_minutes: number;
  /** In order of time; `at` is a bar's start. */
  bars: readonly { at: string; open: number; high: number; low: number; close: number }[];
  entry: { at: string; price: number } | null;
  /** Where the stop was put, and when. */
  stops: readonly { at: string; price: number }[];
  target: number | null;
  fills: readonly { at: string; price: number; qty: string; side: 'buy' | 'sell' }[];
  /** The last price, and of when; null where there is none. */
  last: { at: string; price: number } | null;
  /** Until when it is drawn. */
  now: string;
  is_closed: boolean;
}
