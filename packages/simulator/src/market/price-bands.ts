import type { DayBar } from '../day/day.ts';
import type { TradingTime } from './trading-time.ts';

/*
 * Price bands and trading pauses of the Limit Up-Limit Down plan (https://www.luldplan.com, as
 * amended by its eighteenth amendment), minute by minute.
 *
 * bands    A day does not say which securities are in the indices that make Tier 1, so all are Tier
 *          2: 10 per cent around the reference price where the previous close is above $3, 20 per
 *          cent from $0.75 to $3, below that the lesser of $0.15 and 75 per cent; twice that in the
 *          last 25 minutes where it is at most $3. The reference is the opening price, then the
 *          mean of the last five minutes whenever that has moved by one per cent, and after a halt
 *          or a pause the reopening price. Bands come into force when a minute ends; the minute
 *          that opens or reopens has none yet, as auctions have none.
 * pauses   Nothing trades outside the band in force. A minute that runs beyond it trades up to it;
 *          one that lies beyond it altogether does not trade: that is the limit state, 15 seconds
 *          in the plan, here the rest of its minute. Where the minute would have closed beyond the
 *          band a pause of five minutes follows, and the symbol reopens where the day then stands.
 *          A pause that begins in the last ten minutes lasts until the closing auction, all of the
 *          last minute.
 * binding  Trades that were recorded did take place, so on an imported day the bands are an
 *          estimate that is told and binds nothing; what they bind is a generated day, and an
 *          imported one's symbol from the minute in which a `gap` was put into its prices.
 *
 * A minute is judged by the band made of the minutes before it and by itself, so nothing here looks
 * ahead.
 */

const WIDE_PRICE = 3;
const LOW_PRICE = 0.75;
const LOW_PRICE_DOLLARS = 0.15;
const REFERENCE_MINUTES = 5;
const NEW_REFERENCE_RATIO = 0.01;
const LAST_MINUTES = 25;
const PAUSE_MINUTES = 5;
/**
 * A pause that begins so many minutes before the close does not reopen before the closing auction.
 */
const NO_REOPENING_MINUTES = 10;

export interface PriceBand {
  at_ms: number;
  up: number;
  down: number;
}

/** Half-open, minutes since midnight in New York. */
interface TradingPause {
  from_minute: number;
  to_minute: number;
}

/** A symbol's day as the plan lets it happen. */
export interface BandedBars {
  bars: readonly DayBar[];
  /** Oldest first; each stands until the next or until a halt or pause begins. */
  bands: readonly PriceBand[];
  pauses: readonly TradingPause[];
}

interface BandRules {
  time: TradingTime;
  /** Close of the session before; null where the day does not know it. */
  previous_close: number | null;
  /** The first minute in which the bands bind; infinite where they are an estimate. */
  binding_from: number;
  isHalted(minute: number): boolean;
}

const cents = (price: number): number => Math.round(price * 100) / 100;

/** Half the width of the band in dollars. */
const bandWidth = (reference: number, previousClose: number, isLastMinutes: boolean): number => {
  if (previousClose > WIDE_PRICE) return reference * 0.1;
  const width =
    previousClose >= LOW_PRICE ? reference * 0.2 : Math.min(LOW_PRICE_DOLLARS, reference * 0.75);
  return isLastMinutes ? width * 2 : width;
};

const within = (bar: DayBar, { up, down }: PriceBand): DayBar => {
  const clip = (price: number): number => Math.min(up, Math.max(down, price));
  if (bar.high <= up && bar.low >= down) return bar;
  return {
    ...bar,
    open: clip(bar.open),
    high: clip(bar.high),
    low: clip(bar.low),
    close: clip(bar.close),
    vwap: clip(bar.vwap),
  };
};

/**
 * What is left of a symbol's bars (by minute) once halts, price bands and the pauses that follow
 * from them have had their way.
 */
export const applyPriceBands = (
  recorded: readonly DayBar[],
  { time, previous_close, binding_from, isHalted }: BandRules,
): BandedBars => {
  const { open_minute: open, close_minute: close } = time;
  const bars: DayBar[] = [];
  const bands: PriceBand[] = [];
  const pauses: TradingPause[] = [];
  let index = 0;
  const takeUntil = (minute: number): void => {
    for (let bar = recorded[index]; bar && bar.minute < minute; bar = recorded[(index += 1)])
      if (!isHalted(bar.minute)) bars.push(bar);
  };

  let reference: number | null = null;
  let band: PriceBand | null = null;
  let pausedUntil = 0;
  let recent: DayBar[] = [];
  takeUntil(open);

  const meanOfRecent = (): number | null =>
    recent.length === 0 ? null : recent.reduce((sum, bar) => sum + bar.vwap, 0) / recent.length;
  const newBand = (price: number, minute: number): void => {
    reference = price;
    const width = bandWidth(price, previous_close ?? price, minute >= close - LAST_MINUTES);
    bands.push(
      (band = {
        at_ms: time.startOf(minute),
        up: cents(price + width),
        down: cents(Math.max(0, price - width)),
      }),
    );
  };
  const pauseFrom = (from: number): void => {
    const to = from >= close - NO_REOPENING_MINUTES ? close - 1 : from + PAUSE_MINUTES;
    if (to <= from) return;
    pauses.push({ from_minute: from, to_minute: to });
    pausedUntil = to;
  };
  /**
   * The bar as the band in force lets it trade, or null; a pause where it would have closed beyond
   * the band.
   */
  const obey = (bar: DayBar): DayBar | null => {
    if (pausedUntil === bar.minute && bar.minute === close - 1)
      return { ...bar, open: bar.close, high: bar.close, low: bar.close, vwap: bar.close };
    if (!band || bar.minute < binding_from) return bar;
    if (bar.close > band.up || bar.close < band.down) pauseFrom(bar.minute + 1);
    return bar.low > band.up || bar.high < band.down ? null : within(bar, band);
  };

  for (let minute = open; minute < close; minute += 1) {
    const found = recorded[index]?.minute === minute ? (recorded[index] as DayBar) : null;
    if (found) index += 1;
    if (minute < pausedUntil || isHalted(minute)) {
      reference = band = null;
      recent = [];
      continue;
    }
    const bar = found && obey(found);
    if (bar) bars.push(bar);
    recent = [
      ...recent.filter((one) => one.minute > minute - REFERENCE_MINUTES),
      ...(bar ? [bar] : []),
    ];
    if (minute + 1 >= close) continue;
    if (reference === null) {
      if (bar) newBand(bar.open, minute + 1);
      continue;
    }
    const mean = meanOfRecent();
    const moved = mean !== null && Math.abs(mean / reference - 1) >= NEW_REFERENCE_RATIO;
    const widens =
      minute + 1 === close - LAST_MINUTES && (previous_close ?? reference) <= WIDE_PRICE;
    if (moved || widens) newBand(moved ? mean : reference, minute + 1);
  }
  takeUntil(Infinity);
  return { bars, bands, pauses };
};
