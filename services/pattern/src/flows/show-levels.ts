import { AppError } from '@catalyst/service-kit';
import { findLevels, type PriceLevel } from '../domain/support-resistance.ts';
import type { ReadCharts } from './read-charts.ts';

export interface Levels {
  support: { price: number; touches: number }[];
  resistance: { price: number; touches: number }[];
}

/** Where the daily price has turned, the strongest first. */
export const createShowLevels =
  (readCharts: ReadCharts) =>
  async (symbol: string): Promise<Levels> => {
    const chart = (await readCharts([symbol])).get(symbol);
    if (!chart) throw new AppError('NOT_FOUND', `no bars of ${symbol} are stored`, { symbol });
    const levels = findLevels(chart.daily_bars).sort(
      (left, right) => right.strength - left.strength || left.price - right.price,
    );
    const of = (kind: PriceLevel['kind']) =>
      levels
        .filter((level) => level.kind === kind)
        .map(({ price, touches }) => ({ price, touches }));
    return { support: of('support'), resistance: of('resistance') };
  };
