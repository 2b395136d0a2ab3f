import { generateDay, writeDay } from '@catalyst/simulator';

export const TRADE_DATE = '2026-03-24';
const SYMBOLS = 40;
/** Shares that the market gives at once, and takes back in the same minute; and those that it does not. */
export const SMALL = { qty: '3', needs: (volumes: number[]) => Math.min(...volumes) >= 2400 };
export const LARGE = { qty: '70', needs: (volumes: number[]) => Math.max(...volumes) <= 26_000 };
export type Size = typeof SMALL;
/** Minutes since midnight in which the drill can be expected to trade. */
const DRILL_MINUTES = { from: 605, to: 720 };

/**
 * Writes a day of invented stocks to `dir`. Those that the drill may trade have no event of the day
 * and enough volume; `large` are the ones in which a large order is filled in parts.
 */
export const writeDrillDay = async (
  dir: string,
  seed: number,
): Promise<{ stocks: string[]; large: string[] }> => {
  const day = generateDay({ trade_date: TRADE_DATE, seed, symbols: SYMBOLS });
  await writeDay(day, dir);
  const odd = new Set(day.events.map(({ symbol }) => symbol));
  const volumesOf = (symbol: string): number[] =>
    day.minute_bars
      .get(symbol)!
      .filter(({ minute }) => minute >= DRILL_MINUTES.from && minute < DRILL_MINUTES.to)
      .map(({ volume }) => volume);
  const stocks = day.securities
    .map(({ symbol }) => symbol)
    .filter((symbol) => !odd.has(symbol) && SMALL.needs(volumesOf(symbol)));
  return { stocks, large: stocks.filter((symbol) => LARGE.needs(volumesOf(symbol))) };
};
