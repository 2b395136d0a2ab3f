import type { SignalFilters, TradingSignal } from '@catalyst/contracts';

const atLeast = (bound: number | undefined, value: number | null): boolean =>
  bound === undefined || (value !== null && value >= bound);
const atMost = (bound: number | undefined, value: number | null): boolean =>
  bound === undefined || (value !== null && value <= bound);
/** An empty list asks for nothing, as an absent one does. */
const among = (wanted: readonly string[] | null | undefined, value: string | null): boolean =>
  !wanted || wanted.length === 0 || (value !== null && wanted.includes(value.toLowerCase()));

/**
 * Whether a row passes. All that a filter names must hold; what the desk does not know satisfies no
 * bound. Rows about the desk pass; later rows of a trade pass as its first, whose facts they repeat,
 * or because the client follows it.
 */
export const passes = (filters: SignalFilters, row: TradingSignal): boolean => {
  if (!('symbol' in row)) return true;
  if ('about' in row && filters.follow?.includes(row.about.signal_id)) return true;
  const { symbols, sides } = filters;
  return (
    atLeast(filters.min_confidence, row.confidence) &&
    atLeast(filters.min_market_cap, row.market_cap) &&
    atMost(filters.max_market_cap, row.market_cap) &&
    atLeast(filters.min_price, Number(row.price)) &&
    atMost(filters.max_price, Number(row.price)) &&
    atLeast(filters.min_rvol, row.relative_volume) &&
    among(filters.catalyst_types, row.catalyst_type) &&
    among(filters.sectors, row.sector) &&
    among(filters.patterns, row.pattern) &&
    (!symbols || symbols.length === 0 || symbols.includes(row.symbol)) &&
    (!sides || sides.length === 0 || sides.includes(row.side))
  );
};

/** The same text for filters that ask for the same: order and repeats mean nothing. */
export const filterKey = (filters: SignalFilters): string =>
  JSON.stringify(
    Object.entries(filters)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, Array.isArray(value) ? [...new Set(value)].sort() : value])
      .sort(([left], [right]) => (left! < right! ? -1 : 1)),
  );

/** The client's own filters under the least confidence that the desk sends it. */
export const underFloor = (filters: SignalFilters, floor: number | undefined): SignalFilters =>
  floor === undefined
    ? filters
    : { ...filters, min_confidence: Math.max(floor, filters.min_confidence ?? 0) };
