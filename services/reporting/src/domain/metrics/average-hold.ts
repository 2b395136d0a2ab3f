import { notStated, stated, type MeasuredTrade, type Metric } from './metric.ts';

/** Mean minutes from the first entry fill to the last exit fill. */
export const averageHold = (trades: readonly MeasuredTrade[]): Metric =>
  trades.length === 0
    ? notStated('no trades')
    : stated(
        Math.round(
          (trades.reduce((sum, trade) => sum + trade.hold_minutes, 0) / trades.length) * 100,
        ) / 100,
      );
