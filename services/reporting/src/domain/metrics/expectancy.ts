import { notStated, type MeasuredTrade, type Metric } from './metric.ts';

/**
 * Mean R multiple: what a trade brought per unit of risk first taken (Van Tharp's expectancy).
 * Trades without an initial stop have no R and are left out, which the note says.
 */
export const expectancyR = (trades: readonly MeasuredTrade[]): Metric => {
  const multiples = trades.flatMap(({ r_multiple }) => (r_multiple === null ? [] : [r_multiple]));
  if (multiples.length === 0)
    return notStated(trades.length === 0 ? 'no trades' : 'no trade had an initial stop');
  const value = multiples.reduce((sum, multiple) => sum + multiple, 0) / multiples.length;
  const without = trades.length - multiples.length;
  return {
    value: Math.round(value * 1e4) / 1e4,
    note:
      without === 0
        ? null
        : `${without} of ${trades.length} trades had no initial stop and are left out`,
  };
};
