import { expect, it } from '@jest/globals';
import type { BundledDay } from './bundled-day.ts';
import { mean, sum } from './sums.ts';

/** Its volume by the minute, and its prices of the day and of the year before. */
export const tellOfItsBars = (bundled: BundledDay): void => {
  const { bars, closes, previousClose, meanVolume } = bundled;

  it('trades in the usual shape: busy at the open and the close, quiet at noon, thin outside regular hours', () => {
    const { day } = bundled;
    const profile = Array.from({ length: 1440 }, (_, minute) =>
      sum([...day.volume_profile.values()].map((volumes) => volumes[minute] ?? 0)),
    );
    const traded = new Array<number>(1440).fill(0);
    for (const list of day.minute_bars.values())
      for (const bar of list) traded[bar.minute] = (traded[bar.minute] ?? 0) + bar.volume;
    for (const volumes of [profile, traded]) {
      const between = (from: number, to: number): number => mean(volumes.slice(from, to));
      expect(between(570, 600)).toBeGreaterThan(2 * between(720, 780));
      expect(between(930, 960)).toBeGreaterThan(1.5 * between(720, 780));
      expect(between(240, 570)).toBeLessThan(0.25 * between(720, 780));
      expect(between(970, 990)).toBeLessThan(0.5 * between(720, 780));
      expect(sum(volumes.slice(0, 240)) + sum(volumes.slice(990))).toBe(0);
    }
  });

  it('has volume profiles that sum to the mean of the last 20 daily volumes', () => {
    const { day } = bundled;
    for (const { symbol } of day.securities)
      expect(
        Math.abs(sum(day.volume_profile.get(symbol) ?? []) / meanVolume(symbol) - 1),
      ).toBeLessThan(0.002);
  });

  it('has a year of daily bars each, whose last close is where the day begins', () => {
    const { day } = bundled;
    for (const { symbol } of day.securities) {
      expect(day.daily_bars.get(symbol)).toHaveLength(252);
      expect(day.daily_bars.get(symbol)?.at(-1)?.date).toBe('2026-03-23');
      expect(Math.abs((bars(symbol)[0]?.open ?? 0) / previousClose(symbol) - 1)).toBeLessThan(0.1);
    }
  });

  it('has returns that move together, more within a sector, and never so much that one stock stands for another', () => {
    const { day } = bundled;
    const returns = new Map(
      day.securities.map(({ symbol }) => [
        symbol,
        closes(symbol)
          .slice(-61)
          .map((close, index, all) => close / (all[index - 1] ?? close) - 1)
          .slice(1),
      ]),
    );
    const correlation = (left: string, right: string): number => {
      const [a, b] = [returns.get(left) ?? [], returns.get(right) ?? []];
      const [ma, mb] = [mean(a), mean(b)];
      return (
        sum(a.map((value, index) => (value - ma) * ((b[index] ?? 0) - mb))) /
        Math.sqrt(
          sum(a.map((value) => (value - ma) ** 2)) * sum(b.map((value) => (value - mb) ** 2)),
        )
      );
    };
    const within: number[] = [];
    const across: number[] = [];
    day.securities.forEach((left, index) =>
      day.securities
        .slice(index + 1)
        .forEach((right) =>
          (left.sector === right.sector ? within : across).push(
            correlation(left.symbol, right.symbol),
          ),
        ),
    );
    expect(mean(across)).toBeGreaterThan(0.05);
    expect(mean(within)).toBeGreaterThan(mean(across) + 0.05);
    expect(mean(within)).toBeLessThan(0.6);
  });
};
