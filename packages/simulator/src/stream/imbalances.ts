import type { Market } from '../market/market.ts';
import { MINUTE_MS } from '../market/trading-time.ts';
import type { TradingStatus, TradingStatuses } from './trading-statuses.ts';

/*
 * Order imbalances. Alpaca sends them while a security is paused by its price bands and says
 * neither how often nor what their price is: here it is one at the start of each minute of the
 * pause, at the last price.
 */

export interface Imbalance {
  at_ms: number;
  symbol: string;
  tape: string;
  price: number;
}

/** The reasons of a pause by the price bands, in the words of the UTP and of the CTA plan. */
const PAUSES = ['LUDP', 'M'];

/** Imbalances of all symbols in (after_ms, until_ms], as far as `statuses` have been told. */
export const imbalancesBetween = (
  market: Market,
  statuses: TradingStatuses,
  after_ms: number,
  until_ms: number,
): Imbalance[] => {
  const { time } = market;
  const bySymbol = Map.groupBy(
    statuses.between(Number.NEGATIVE_INFINITY, until_ms),
    ({ symbol }) => symbol,
  );
  const during = (status: TradingStatus, end_ms: number): Imbalance[] => {
    if (!PAUSES.includes(status.reason_code)) return [];
    const found: Imbalance[] = [];
    for (let at_ms = status.at_ms; at_ms < end_ms; at_ms += MINUTE_MS) {
      const price = market.lastTrade(status.symbol, time.finishedMinutes(at_ms))?.price;
      if (at_ms > after_ms && at_ms <= until_ms && price !== undefined)
        found.push({ at_ms, symbol: status.symbol, tape: status.tape, price });
    }
    return found;
  };
  return [...bySymbol.values()].flatMap((told) =>
    told.flatMap((status, index) => during(status, told[index + 1]?.at_ms ?? until_ms + 1)),
  );
};
