import type { ScanResult } from '@catalyst/contracts';
import { nearestTick } from '@catalyst/domain';

/** A copy whose numbers have no more decimals than that: what binary fractions leave is noise. */
export const rounded = <T>(value: T, decimals: number): T => {
  if (typeof value === 'number') return Number(value.toFixed(decimals)) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => rounded(item, decimals)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, rounded(item as unknown, decimals)]),
  ) as T;
};

const onTick = (price: number): number => (price > 0 ? Number(nearestTick(price)) : price);

/** A scanned stock as it is shown: prices on their tick, scores and indicators to four decimals. */
export const shownResult = (result: ScanResult): ScanResult => {
  const { technical, pattern } = result;
  return rounded(
    {
      ...result,
      technical: technical && {
        ...technical,
        last_price: technical.last_price === null ? null : onTick(technical.last_price),
      },
      pattern: pattern && {
        ...pattern,
        entry: onTick(pattern.entry),
        stop: onTick(pattern.stop),
        target: onTick(pattern.target),
      },
    },
    4,
  );
};

/** What a list of stocks needs of each; the whole of one is get_candidate_analysis's. */
export const shortResult = (result: ScanResult) => {
  const { technical, pattern, article_id: _, reason, ...rest } = shownResult(result);
  return {
    ...rest,
    // a candidate's stands among the quotes
    ...(!result.passed && { reason }),
    last_price: technical?.last_price ?? null,
    relative_volume: technical?.relative_volume ?? null,
    gap_ratio: technical?.gap_ratio ?? null,
    pattern: pattern && {
      name: pattern.pattern,
      timeframe: pattern.timeframe,
      confidence: pattern.confidence,
      entry: pattern.entry,
      stop: pattern.stop,
      target: pattern.target,
    },
  };
};
