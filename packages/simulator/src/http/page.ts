import { inNewYork, newYorkTime } from '@catalyst/domain';
import type { Simulation } from '../simulation.ts';
import {
  InvalidParameter,
  readChoice,
  readInteger,
  readPageToken,
  readTime,
  toPageToken,
  type Query,
} from './query.ts';

/** The parameters that every historical endpoint of the market data API has. */
export const HISTORICAL_PARAMETERS = [
  'symbols',
  'start',
  'end',
  'limit',
  'asof',
  'feed',
  'currency',
  'page_token',
  'sort',
] as const;

export interface Interval {
  /** Inclusive bounds in milliseconds; the end is never after now. */
  start_ms: number;
  end_ms: number;
  sort: 'asc' | 'desc';
  limit: number;
}

const MIDNIGHT = '00:00';

/** Start (by default midnight in New York), end (now), sort and limit. */
export const readInterval = (simulation: Simulation, query: Query): Interval => {
  const now = simulation.now();
  const start =
    readTime(query, 'start') ??
    Date.parse(newYorkTime(inNewYork(new Date(now).toISOString()).date, MIDNIGHT));
  const end = readTime(query, 'end') ?? Math.max(now, start);
  if (end < start) throw new InvalidParameter('end should not be before start');
  return {
    start_ms: start,
    end_ms: Math.min(end, now),
    sort: readChoice(query, 'sort', ['asc', 'desc'], 'asc'),
    limit: readInteger(query, 'limit', 1_000, 1, 10_000),
  };
};

/**
 * Finds at most `limit` items of a symbol, those after the item that `beyond` names (its key, null
 * for the first page).
 */
type FindItems<T> = (symbol: string, limit: number, beyond: string | null) => T[];

export interface Page<T> {
  items: Record<string, T[]>;
  next_page_token: string | null;
}

/**
 * One page: symbols in alphabetical order, items in order within each, at most `limit` in all.
 * `keyOf` says where an item stands within its symbol.
 */
export const readPage = <T>(
  query: Query,
  symbols: readonly string[],
  limit: number,
  find: FindItems<T>,
  keyOf: (item: T) => string,
): Page<T> => {
  const [tokenSymbol, tokenKey] = readPageToken(query, 2) ?? [];
  const items: Record<string, T[]> = {};
  let left = limit;
  let last: string | null = null;
  for (const symbol of symbols) {
    if (tokenSymbol !== undefined && symbol < tokenSymbol) continue;
    const found = find(symbol, left + 1, symbol === tokenSymbol ? (tokenKey ?? null) : null);
    const more = found.length > left;
    if (more) found.length = left;
    const final = found.at(-1);
    if (final !== undefined) {
      items[symbol] = found;
      left -= found.length;
      last = toPageToken(symbol, keyOf(final));
    }
    if (more) return { items, next_page_token: last };
  }
  return { items, next_page_token: null };
};

/** Reads back the stamp of a page token. */
export const stampOfKey = (key: string): number => {
  const at = Date.parse(key);
  if (Number.isNaN(at)) throw new InvalidParameter('invalid page_token');
  return at;
};
