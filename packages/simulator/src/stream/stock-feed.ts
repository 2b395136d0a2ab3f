import { toIexBar } from '../market/iex-share.ts';
import { TAPES } from '../market/listing-codes.ts';
import type { Market } from '../market/market.ts';
import type { Revision } from '../market/revisions.ts';
import type { Tape } from '../market/tape.ts';
import { toWireBar, type WireBar } from '../market/wire-bar.ts';
import type { DataEvent } from './data-stream.ts';
import { imbalancesBetween } from './imbalances.ts';
import type { TradingStatuses } from './trading-statuses.ts';
import {
  bandEvent,
  barEvent,
  IEX,
  imbalanceEvent,
  quoteEvent,
  revisionEvent,
  statusEvent,
  tradeEvent,
  type StockFeedName,
  type TimedEvent,
} from './stock-events.ts';

export interface StockFeed {
  /**
   * What the feed tells of (after_ms, until_ms] on the channels that `wanted` names, ordered by
   * time, symbol and channel.
   */
  between(
    after_ms: number,
    until_ms: number,
    wanted: (channel: string) => ReadonlySet<string>,
  ): DataEvent[];
}

export interface StockFeedDeps {
  market: Market;
  tape: Tape;
  statuses: TradingStatuses;
}

export const createStockFeed = (
  { market, tape, statuses }: StockFeedDeps,
  feed: StockFeedName,
): StockFeed => {
  const { time, listings } = market;
  const all = [...listings.keys()].sort();
  const midnight = time.stampOf(0);

  const listed = (symbols: ReadonlySet<string>): readonly string[] =>
    symbols.has('*') ? all : [...symbols].filter((symbol) => listings.has(symbol));
  const asFeed = (symbol: string, bar: WireBar): WireBar =>
    feed === 'iex' ? toIexBar(symbol, bar) : bar;

  const inFeed = (revision: Revision): boolean =>
    feed !== 'iex' ||
    (revision.kind === 'late_trade' ? revision.trade : revision.original).exchange === IEX;

  /** Minutes whose bars can be read from an instant in (after_ms, until_ms] on. */
  const minutesBetween = (symbol: string, after_ms: number, until_ms: number): number[] => {
    const first = market.knownMinutes(symbol, after_ms);
    return Array.from(
      { length: Math.max(0, market.knownMinutes(symbol, until_ms) - first) },
      (_, index) => first + index,
    );
  };

  return {
    between: (after_ms, until_ms, wanted) => {
      const events: TimedEvent[] = [];
      const statusSymbols = wanted('statuses');
      if (statusSymbols.size > 0)
        events.push(...statuses.between(after_ms, until_ms).map(statusEvent));
      for (const symbol of listed(wanted('lulds'))) {
        const { exchange } = listings.get(symbol)!.security;
        for (const band of market.bandsBetween(symbol, after_ms, until_ms))
          events.push(bandEvent(symbol, TAPES[exchange], band));
      }
      for (const symbol of listed(wanted('trades'))) {
        for (const print of tape.trades(symbol, after_ms, until_ms))
          if (feed !== 'iex' || print.exchange === IEX) events.push(tradeEvent(symbol, print));
      }
      for (const symbol of listed(
        new Set(
          ['trades', 'corrections', 'cancelErrors'].flatMap((channel) => [...wanted(channel)]),
        ),
      )) {
        for (const revision of market.revisions.between(symbol, after_ms, until_ms))
          if (inFeed(revision)) events.push(revisionEvent(revision));
      }
      for (const symbol of listed(wanted('updatedBars'))) {
        const first = listings.get(symbol)!.series;
        for (const { at_ms, minute, bar } of market.revisions.barUpdates(
          symbol,
          first,
          after_ms,
          until_ms,
        )) {
          events.push(
            barEvent(
              'updatedBars',
              symbol,
              at_ms,
              asFeed(symbol, toWireBar(time.stampOf(minute), bar)),
            ),
          );
        }
      }
      const imbalanceSymbols = new Set(listed(wanted('imbalances')));
      if (imbalanceSymbols.size > 0)
        events.push(
          ...imbalancesBetween(market, statuses, after_ms, until_ms)
            .filter(({ symbol }) => imbalanceSymbols.has(symbol))
            .map(imbalanceEvent),
        );
      for (const symbol of listed(wanted('quotes'))) {
        for (const point of tape.quotes(symbol, after_ms, until_ms))
          if (feed !== 'iex' || market.iex_quotes === 'consolidated' || point.moved_by === IEX)
            events.push(quoteEvent(symbol, point, feed === 'iex' ? IEX : point.exchange));
      }
      for (const symbol of listed(wanted('bars')))
        for (const minute of minutesBetween(symbol, after_ms, until_ms)) {
          const bar = market.barAt(symbol, minute);
          const wireBar = bar && asFeed(symbol, toWireBar(time.stampOf(minute), bar));
          if (wireBar)
            events.push(barEvent('bars', symbol, market.barKnownAt(symbol, minute), wireBar));
        }
      for (const symbol of listed(wanted('dailyBars')))
        for (const minute of minutesBetween(symbol, after_ms, until_ms)) {
          if (!time.inRegularSession(minute) || !market.barAt(symbol, minute)) continue;
          const at_ms = market.barKnownAt(symbol, minute);
          const bar = market.seriesAt(symbol, at_ms)!.dailySoFar(minute + 1, midnight);
          if (bar) events.push(barEvent('dailyBars', symbol, at_ms, asFeed(symbol, bar)));
        }
      const symbolOf = ({ symbols }: DataEvent): string => symbols[0] as string;
      // The sort keeps the order of channels above among messages of one symbol at one instant.
      return events.sort(
        (left, right) =>
          left.at_ms - right.at_ms ||
          (symbolOf(left) < symbolOf(right) ? -1 : symbolOf(left) > symbolOf(right) ? 1 : 0),
      );
    },
  };
};
