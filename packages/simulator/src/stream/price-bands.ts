import type { Market } from '../market/market.ts';

/*
 * Price bands of the Limit Up-Limit Down plan (https://www.luldplan.com). A day does not say which securities are in the indices that make Tier 1,
 * so all are Tier 2: 10 per cent around the reference price where the previous close is above $3, 20 per cent from $0.75 to $3, below that the lesser of $0.15 and 75 per cent;
 * twice that in the last 25 minutes where it is at most $3. The reference is the opening price, then the mean of the last five minutes whenever that has moved by one per cent.
 * Bands are told when a minute ends, the first when the first minute with trades does.
 */

const WIDE_PRICE = 3;
const LOW_PRICE = 0.75;
const LOW_PRICE_DOLLARS = 0.15;
const REFERENCE_MINUTES = 5;
const NEW_REFERENCE_RATIO = 0.01;
const LAST_MINUTES = 25;

export interface PriceBand {
  at_ms: number;
  up: number;
  down: number;
}

const cents = (price: number): number => Math.round(price * 100) / 100;

/** Half the width of the band in dollars. */
export const bandWidth = (reference: number, previousClose: number, isLastMinutes: boolean): number => {
  if (previousClose > WIDE_PRICE) return reference * 0.1;
  const width = previousClose >= LOW_PRICE ? reference * 0.2 : Math.min(LOW_PRICE_DOLLARS, reference * 0.75);
  return isLastMinutes ? width * 2 : width;
};

export interface PriceBands {
  /** Bands that came into force in (after_ms, until_ms], oldest first. */
  between(symbol: string, after_ms: number, until_ms: number): PriceBand[];
}

interface Known {
  reference: number | null;
  /** The next minute to look at. */
  minute: number;
  bands: PriceBand[];
}

export const createPriceBands = (market: Market): PriceBands => {
  const { time } = market;
  const bySymbol = new Map<string, Known>();

  const meanOf = (symbol: string, minute: number): number | null => {
    const prices: number[] = [];
    for (let one = Math.max(time.open_minute, minute - REFERENCE_MINUTES + 1); one <= minute; one += 1) {
      const bar = market.barAt(symbol, one);
      if (bar) prices.push(bar.vwap);
    }
    return prices.length === 0 ? null : prices.reduce((sum, price) => sum + price, 0) / prices.length;
  };

  const lookAt = (symbol: string, known: Known, minute: number): void => {
    const close = market.previousClose(symbol);
    const until = time.startOf(minute + 1);
    const add = (reference: number, at_ms: number, inForce: number): void => {
      known.reference = reference;
      const width = bandWidth(reference, close ?? reference, inForce >= time.close_minute - LAST_MINUTES);
      known.bands.push({ at_ms, up: cents(reference + width), down: cents(Math.max(0, reference - width)) });
    };
    if (minute + 1 >= time.close_minute) return;
    if (known.reference === null) {
      const first = market.barAt(symbol, minute);
      if (first) add(first.open, until, minute + 1);
      return;
    }
    const mean = meanOf(symbol, minute);
    const moved = mean !== null && Math.abs(mean / known.reference - 1) >= NEW_REFERENCE_RATIO && !market.happening(symbol, 'halt', minute);
    const widens = minute + 1 === time.close_minute - LAST_MINUTES && (close ?? known.reference) <= WIDE_PRICE;
    if (moved || widens) add(moved ? mean : known.reference, until, minute + 1);
  };

  return {
    between: (symbol, after_ms, until_ms) => {
      let known = bySymbol.get(symbol);
      if (!known) bySymbol.set(symbol, (known = { reference: null, minute: time.open_minute, bands: [] }));
      const finished = Math.min(time.finishedMinutes(until_ms), time.close_minute);
      for (; known.minute < finished; known.minute += 1) lookAt(symbol, known, known.minute);
      return known.bands.filter(({ at_ms }) => at_ms > after_ms && at_ms <= until_ms);
    },
  };
};
