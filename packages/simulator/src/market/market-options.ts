import { seededNumber } from './seeded-number.ts';

/** How market data reaches its readers. */
export interface MarketOptions {
  /**
   * Milliseconds after its minute at which a bar can be read, on the average: each bar's lateness
   * is seeded by symbol and minute, three tenths around it. 0, as usual, is the end of the minute.
   */
  bar_late_ms?: number;
  /**
   * The part of a symbol's minutes in which one trade is reported late, seeded by symbol and
   * minute; none as usual.
   */
  late_trades_ratio?: number;
  /**
   * The quotes that IEX's feed shows: `own` those of IEX alone, fewer and older; `consolidated`, as
   * usual, those of all exchanges under its code.
   */
  iex_quotes?: 'own' | 'consolidated';
}

/** Beyond this a bar could come after its own correction. */
export const MOST_BAR_LATE_MS = 20_000;

const LEAST_PART = 0.7;
const SEEDED_PART = 0.6;

/** How late the bar of a minute is. */
export const createBarLateness = (
  seed: number,
  late_ms: number,
): ((symbol: string, minute: number) => number) =>
  late_ms === 0
    ? () => 0
    : (symbol, minute) =>
        Math.round(
          late_ms * (LEAST_PART + SEEDED_PART * seededNumber(seed, symbol, minute, 'bar late')),
        );
