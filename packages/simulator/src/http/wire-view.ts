import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DayBar, DayNews } from '../day/day.ts';
import { knownUpdate } from '../market/wire-market.ts';
import type { Simulation } from '../simulation.ts';

/**
 * What another vendor's wire may see of the day: never more than can be known now. All of it is
 * copies.
 */
export interface WireView {
  /** The simulated instant in milliseconds. */
  now(): number;
  /**
   * Articles published up to now, in the day's order, each with the newest of its times that has
   * passed as `updated_at`.
   */
  news(): DayNews[];
  /**
   * The trade date's minute bars of a symbol that are over, oldest first, with what late trades
   * have changed so far; none of an unknown symbol.
   */
  bars(symbol: string): DayBar[];
}

/** Answers requests or hands them on by calling `next`; an Express app is one. */
export type WireRoutes = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

export const createWireView = ({ market, now, finished }: Simulation): WireView => ({
  now,
  news: () =>
    market.day.news
      .filter(({ created_at }) => Date.parse(created_at) <= now())
      .map((article) => ({
        ...article,
        updated_at: new Date(knownUpdate(article, now())).toISOString(),
        symbols: [...article.symbols],
      })),
  bars: (symbol) => {
    const series = market.seriesAt(symbol, now());
    return series
      ? series.bars.slice(0, series.countBefore(finished())).map((bar) => ({ ...bar }))
      : [];
  },
});
