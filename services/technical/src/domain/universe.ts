/**
 * A stock that may enter the day's universe. Price in dollars; the volume is the mean of
 * consolidated shares a day.
 */
export interface UniverseRow {
  symbol: string;
  last_price: number;
  average_volume: number;
  has_news: boolean;
}

export interface UniverseRules {
  /** Ceiling on the number of symbols. */
  limit: number;
  min_volume: number;
  min_price: number;
  requires_news: boolean;
}

export const DEFAULT_UNIVERSE_RULES: UniverseRules = {
  limit: 100,
  min_volume: 1_000_000,
  min_price: 5,
  requires_news: true,
};

export type UniverseRefusalCode =
  'duplicate' | 'price_too_low' | 'volume_too_low' | 'no_news' | 'over_limit';

export interface UniverseMember extends UniverseRow {
  /** 1 is the most active by dollar volume. */
  rank: number;
  dollar_volume: number;
}

export interface UniverseRefusal {
  symbol: string;
  code: UniverseRefusalCode;
  reason: string;
}

export interface Universe {
  selected: UniverseMember[];
  refused: UniverseRefusal[];
}

const bySymbol = (left: { symbol: string }, right: { symbol: string }): number =>
  left.symbol < right.symbol ? -1 : left.symbol > right.symbol ? 1 : 0;

/**
 * The most active stocks by dollar volume (ties by symbol) that obey the rules, and one reason for
 * each that does not.
 */
export const selectUniverse = (
  rows: readonly UniverseRow[],
  rules: Partial<UniverseRules> = {},
): Universe => {
  const { limit, min_volume, min_price, requires_news } = { ...DEFAULT_UNIVERSE_RULES, ...rules };
  const refused: UniverseRefusal[] = [];
  const passed: Omit<UniverseMember, 'rank'>[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const refuse = (code: UniverseRefusalCode, reason: string): void =>
      void refused.push({ symbol: row.symbol, code, reason });
    if (seen.has(row.symbol)) refuse('duplicate', `${row.symbol} was listed more than once`);
    else if (!(row.last_price > min_price))
      refuse('price_too_low', `last_price was ${row.last_price}, not above ${min_price}`);
    else if (!(row.average_volume > min_volume))
      refuse(
        'volume_too_low',
        `average_volume was ${row.average_volume} shares, not above ${min_volume}`,
      );
    else if (requires_news && !row.has_news) refuse('no_news', 'no news in the last 24 hours');
    else passed.push({ ...row, dollar_volume: row.last_price * row.average_volume });
    seen.add(row.symbol);
  }
  passed.sort((left, right) => right.dollar_volume - left.dollar_volume || bySymbol(left, right));
  const selected = passed.slice(0, limit).map((row, index) => ({ ...row, rank: index + 1 }));
  passed.slice(limit).forEach((row, index) => {
    refused.push({
      symbol: row.symbol,
      code: 'over_limit',
      reason: `was number ${limit + index + 1} by dollar volume, the limit is ${limit}`,
    });
  });
  return { selected, refused: refused.sort(bySymbol) };
};
