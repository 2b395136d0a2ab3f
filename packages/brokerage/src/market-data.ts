import {
  toDecimalString,
  type Bar,
  type Instant,
  type Timeframe,
  type TradeDate,
} from '@catalyst/domain';
import type { AlpacaConfig } from '@catalyst/runtime';
import type { z } from 'zod';
import type { AlpacaConnection } from './alpaca-connection.ts';
import { asList, type TellUnread } from './read-items.ts';
import {
  wireArticle,
  wireBar,
  wireBarsPage,
  wireCorporateActionsPage,
  wireDividend,
  wireMostActive,
  wireMostActives,
  wireNewsPage,
  wirePriceTime,
  wireQuote,
  wireQuotes,
  wireSnapshots,
  wireSplit,
  wireTrade,
  wireTrades,
  type BrokerArticle,
  type BrokerCorporateAction,
  type BrokerQuote,
  type BrokerTrade,
  type MostActive,
} from './wire/market-data.ts';

export type DataFeed = AlpacaConfig['ALPACA_DATA_FEED'];

export interface BarsQuery {
  symbols: readonly string[];
  timeframe: Timeframe;
  /** Bars that start at `start` or later and at `end` or earlier. */
  start: Instant;
  end: Instant;
  feed?: DataFeed;
}
export interface NewsQuery {
  start: Instant;
  end: Instant;
  symbols?: readonly string[];
  /** Articles at most, the oldest first; all without it. */
  limit?: number;
}

export interface BrokerMarketData {
  /**
   * Raw (not adjusted) bars of each symbol that has any, oldest first. Prices are as sent: who
   * stores them checks OHLC.
   */
  bars(query: BarsQuery, tellUnread?: TellUnread): Promise<Map<string, Bar[]>>;
  /** Symbol -> its last quote; symbols without one are missing. */
  latestQuotes(symbols: readonly string[], feed?: DataFeed): Promise<Map<string, BrokerQuote>>;
  /** Symbol -> when it was last traded or quoted; symbols that never were are missing. */
  latestPriceTimes(symbols: readonly string[]): Promise<Map<string, Instant>>;
  /** Symbol -> its last trade; symbols without one are missing. */
  latestTrades(symbols: readonly string[]): Promise<Map<string, BrokerTrade>>;
  /** The `top` most active stocks by volume, the most active first; 100 at most. */
  mostActives(top: number): Promise<MostActive[]>;
  /** Splits and cash dividends with an ex-date from `from` to `to`, by ex-date and symbol. */
  corporateActions(query: {
    symbols?: readonly string[];
    from: TradeDate;
    to: TradeDate;
    tellUnread?: TellUnread;
  }): Promise<BrokerCorporateAction[]>;
  /** Articles updated within the span, oldest first. */
  news(query: NewsQuery): Promise<BrokerArticle[]>;
}

const TIMEFRAME_WORDS: Readonly<Record<Timeframe, string>> = {
  '1min': '1Min',
  '5min': '5Min',
  '15min': '15Min',
  '1hour': '1Hour',
  '1day': '1Day',
};
const BARS_PER_PAGE = 10_000;
const ARTICLES_PER_PAGE = 50;
const ACTIONS_PER_PAGE = 1000;
/**
 * Alpaca chooses corporate actions by the date on which it processes them, for a dividend when it
 * is paid: weeks after its ex-date.
 */
const PROCESSED_WITHIN_DAYS = 90;
const DAY_MS = 86_400_000;
// keeps addresses well below the 8 kB that servers accept
const SYMBOLS_PER_REQUEST = 200;

const inGroups = (symbols: readonly string[]): string[] => {
  const groups: string[] = [];
  for (let from = 0; from < symbols.length; from += SYMBOLS_PER_REQUEST)
    groups.push(symbols.slice(from, from + SYMBOLS_PER_REQUEST).join(','));
  return groups;
};

// history knows no delayed feed: it is the consolidated one, asked for later
const historicalFeed = (feed: DataFeed): 'iex' | 'sip' => (feed === 'delayed_sip' ? 'sip' : feed);

export const createBrokerMarketData = (
  { data: host, items, stocks, screener, corporateActions, news }: AlpacaConnection,
  defaultFeed: DataFeed,
): BrokerMarketData => {
  /** Follows `next_page_token` to the last page. */
  const pages = async <P extends { next_page_token: string | null }>(
    readPage: (pageToken: string | undefined) => Promise<P>,
    take: (page: P) => boolean,
  ): Promise<void> => {
    let token: string | undefined;
    do {
      const page = await readPage(token);
      if (!take(page)) return;
      token = page.next_page_token ?? undefined;
    } while (token !== undefined);
  };

  return {
    bars: async ({ symbols, timeframe, start, end, feed = defaultFeed }, tellUnread) => {
      const found = new Map<string, Bar[]>();
      for (const group of inGroups(symbols)) {
        await pages(
          (pageToken) =>
            host.read('bars', wireBarsPage, (init) =>
              stocks.stockBarsRaw(
                {
                  symbols: group,
                  timeframe: TIMEFRAME_WORDS[timeframe],
                  start: new Date(start),
                  end: new Date(end),
                  limit: BARS_PER_PAGE,
                  adjustment: 'raw',
                  feed: historicalFeed(feed),
                  ...(pageToken && { pageToken }),
                },
                init,
              ),
            ),
          ({ bars }) => {
            for (const [symbol, sent] of Object.entries(bars)) {
              const more = items.read('bars', wireBar, asList(sent), tellUnread, symbol);
              if (more.length === 0) continue;
              const before = found.get(symbol);
              if (before) before.push(...more);
              else found.set(symbol, more);
            }
            return true;
          },
        );
      }
      return found;
    },
    latestQuotes: async (symbols, feed = defaultFeed) => {
      const found = new Map<string, BrokerQuote>();
      for (const group of inGroups(symbols)) {
        const { quotes } = await host.read('latest quotes', wireQuotes, (init) =>
          stocks.stockLatestQuotesRaw({ symbols: group, feed }, init),
        );
        for (const [symbol, sent] of Object.entries(quotes))
          for (const quote of items.read('quotes', wireQuote, [sent], undefined, symbol))
            found.set(symbol, quote);
      }
      return found;
    },
    latestPriceTimes: async (symbols) => {
      const found = new Map<string, Instant>();
      for (const group of inGroups(symbols)) {
        const snapshots = await host.read('snapshots', wireSnapshots, (init) =>
          stocks.stockSnapshotsRaw({ symbols: group, feed: defaultFeed }, init),
        );
        for (const [symbol, sent] of Object.entries(snapshots))
          for (const at of items.read('snapshots', wirePriceTime, [sent], undefined, symbol))
            if (at !== null) found.set(symbol, at);
      }
      return found;
    },
    latestTrades: async (symbols) => {
      const found = new Map<string, BrokerTrade>();
      for (const group of inGroups(symbols)) {
        const { trades } = await host.read('latest trades', wireTrades, (init) =>
          stocks.stockLatestTradesRaw({ symbols: group, feed: defaultFeed }, init),
        );
        for (const [symbol, sent] of Object.entries(trades))
          for (const trade of items.read('trades', wireTrade, [sent], undefined, symbol))
            found.set(symbol, trade);
      }
      return found;
    },
    mostActives: async (top) => {
      const { most_actives } = await host.read('most actives', wireMostActives, (init) =>
        screener.mostActivesRaw({ by: 'volume', top }, init),
      );
      return items.read('most actives', wireMostActive, most_actives);
    },
    corporateActions: async ({ symbols, from, to, tellUnread }) => {
      const found: BrokerCorporateAction[] = [];
      type Page = z.output<typeof wireCorporateActionsPage>;
      const last = new Date(Date.parse(to) + PROCESSED_WITHIN_DAYS * DAY_MS);
      const take = ({ corporate_actions: actions }: Page): boolean => {
        for (const action_type of ['forward_split', 'reverse_split'] as const) {
          const splits = items.read(
            'corporate actions',
            wireSplit,
            asList(actions[`${action_type}s`]),
            tellUnread,
          );
          for (const { symbol, ex_date, new_rate, old_rate } of splits) {
            found.push({
              symbol,
              ex_date,
              action_type,
              new_rate: toDecimalString(new_rate),
              old_rate: toDecimalString(old_rate),
              cash_usd: null,
            });
          }
        }
        const dividends = items.read(
          'corporate actions',
          wireDividend,
          asList(actions.cash_dividends),
          tellUnread,
        );
        for (const { symbol, ex_date, rate } of dividends)
          found.push({
            symbol,
            ex_date,
            action_type: 'cash_dividend',
            new_rate: null,
            old_rate: null,
            cash_usd: toDecimalString(rate),
          });
        return true;
      };
      for (const group of symbols ? inGroups(symbols) : [undefined]) {
        await pages(
          (pageToken) =>
            host.read('corporate actions', wireCorporateActionsPage, (init) =>
              corporateActions.corporateActionsRaw(
                {
                  ...(group && { symbols: group }),
                  types: 'forward_split,reverse_split,cash_dividend',
                  start: new Date(`${from}T00:00:00Z`),
                  end: last,
                  limit: ACTIONS_PER_PAGE,
                  sort: 'asc',
                  ...(pageToken && { pageToken }),
                },
                init,
              ),
            ),
          take,
        );
      }
      const key = ({ ex_date, symbol, action_type }: BrokerCorporateAction) =>
        `${ex_date} ${symbol} ${action_type}`;
      return found
        .filter(({ ex_date }) => ex_date >= from && ex_date <= to)
        .sort((left, right) => (key(left) < key(right) ? -1 : 1));
    },
    news: async ({ start, end, symbols, limit }) => {
      const found: BrokerArticle[] = [];
      await pages(
        (pageToken) =>
          host.read('news', wireNewsPage, (init) =>
            news.newsRaw(
              {
                start: new Date(start),
                end: new Date(end),
                sort: 'asc',
                limit: ARTICLES_PER_PAGE,
                includeContent: true,
                ...(symbols && { symbols: symbols.join(',') }),
                ...(pageToken && { pageToken }),
              },
              init,
            ),
          ),
        (page) => {
          found.push(...items.read('news', wireArticle, page.news));
          return limit === undefined || found.length < limit;
        },
      );
      return limit === undefined ? found : found.slice(0, limit);
    },
  };
};
