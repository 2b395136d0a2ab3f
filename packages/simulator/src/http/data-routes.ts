import { inNewYork, stableId } from '@catalyst/domain';
import { Router } from 'express';
import type { CorporateAction } from '../day/day.ts';
import type { Timeframe } from '../market/timeframe.ts';
import { stamp } from '../market/trading-time.ts';
import type { WireBar } from '../market/wire-bar.ts';
import { knownUpdate, wireNews, wireQuote, wireTrade } from '../market/wire-market.ts';
import type { Simulation } from '../simulation.ts';
import { createBarsRoutes } from './bars-routes.ts';
import { readChoice, readInteger, readPageToken, readSymbols, readText, readTime, toPageToken } from './query.ts';

interface Activity {
  symbol: string;
  volume: number;
  trade_count: number;
}

/** Shares and trades of the regular session so far; before the first minute of the session those of the session before, as Alpaca keeps them until the open. */
const activities = (simulation: Simulation): Activity[] => {
  const { listings } = simulation.market;
  const finished = simulation.finished();
  const today = [...listings].flatMap(([symbol, { series }]) => {
    const bar = series.dailySoFar(finished, '');
    return bar ? [{ symbol, volume: bar.v, trade_count: bar.n }] : [];
  });
  if (today.length > 0) return today;
  return [...listings].flatMap(([symbol, { daily }]) => {
    const last = daily.at(-1);
    return last ? [{ symbol, volume: last.volume, trade_count: Math.max(1, Math.round(last.volume / 100)) }] : [];
  });
};

const latestBars = ({ bars, market, now }: Simulation, symbol: string, timeframe: Timeframe, limit: number): WireBar[] => {
  const start = timeframe.unit === 'day' ? 0 : market.time.midnight_ms;
  return bars.of(symbol, { timeframe, start_ms: start, end_ms: now(), adjustment: 'raw', sort: 'desc', limit, beyond_ms: null }, now());
};
const latestMinuteBar = (simulation: Simulation, symbol: string): WireBar | null => latestBars(simulation, symbol, { unit: 'minute', minutes: 1 }, 1)[0] ?? null;

const snapshot = (simulation: Simulation, symbol: string): Record<string, unknown> | null => {
  const { market } = simulation;
  if (!market.listings.has(symbol)) return null;
  const finished = simulation.finished();
  const [dailyBar, prevDailyBar] = latestBars(simulation, symbol, { unit: 'day' }, 2);
  const fields = {
    latestTrade: wireTrade(market, symbol, finished),
    latestQuote: wireQuote(market, symbol, finished),
    minuteBar: latestMinuteBar(simulation, symbol),
    dailyBar,
    prevDailyBar,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
};

const corporateActionView = (action: CorporateAction): Record<string, unknown> => {
  const id = stableId('corporate-action', action.symbol, action.type, action.ex_date);
  const cusip = stableId('cusip', action.symbol).slice(0, 8).toUpperCase() + '0';
  const dates = { process_date: action.ex_date, ex_date: action.ex_date };
  if (action.type === 'cash_dividend') return { id, symbol: action.symbol, cusip, rate: Number(action.cash), special: false, foreign: false, ...dates };
  const rates = { new_rate: Number(action.new_rate), old_rate: Number(action.old_rate) };
  if (action.type === 'forward_split') return { id, symbol: action.symbol, cusip, ...rates, ...dates };
  return { id, symbol: action.symbol, old_cusip: cusip, new_cusip: cusip, ...rates, ...dates };
};

/** Alpaca's market data API. */
export const createDataRoutes = (simulation: Simulation): Router => {
  const routes = Router();
  const { market } = simulation;
  const { day } = market;
  routes.use(createBarsRoutes(simulation));

  const latestOf = (path: string, many: string, one: string, view: (symbol: string) => unknown): void => {
    routes.get(`/v2/stocks/${path}/latest`, (request, response) => {
      const found = readSymbols(request.query).map((symbol) => [symbol, view(symbol)] as const);
      response.json({ [many]: Object.fromEntries(found.filter(([, value]) => value !== null)) });
    });
    routes.get(`/v2/stocks/:symbol/${path}/latest`, (request, response) => {
      const value = view(request.params.symbol ?? '');
      if (value === null) response.status(404).json({ message: `no ${one} found for ${request.params.symbol}` });
      else response.json({ symbol: request.params.symbol, [one]: value });
    });
  };
  latestOf('bars', 'bars', 'bar', (symbol) => latestMinuteBar(simulation, symbol));
  latestOf('quotes', 'quotes', 'quote', (symbol) => wireQuote(market, symbol, simulation.finished()));
  latestOf('trades', 'trades', 'trade', (symbol) => wireTrade(market, symbol, simulation.finished()));

  routes.get('/v2/stocks/snapshots', (request, response) => {
    const found = readSymbols(request.query).map((symbol) => [symbol, snapshot(simulation, symbol)] as const);
    response.json(Object.fromEntries(found.filter(([, value]) => value !== null)));
  });
  routes.get('/v2/stocks/:symbol/snapshot', (request, response) => {
    const found = snapshot(simulation, request.params.symbol);
    if (found) response.json({ symbol: request.params.symbol, ...found });
    else response.status(404).json({ message: `no snapshot found for ${request.params.symbol}` });
  });

  routes.get('/v1beta1/screener/stocks/most-actives', (request, response) => {
    const by = readChoice(request.query, 'by', ['volume', 'trades'], 'volume');
    const top = readInteger(request.query, 'top', 10, 1, 100);
    const measure = (activity: Activity): number => (by === 'volume' ? activity.volume : activity.trade_count);
    const ranked = activities(simulation).sort((left, right) => measure(right) - measure(left) || (left.symbol < right.symbol ? -1 : 1));
    response.json({ most_actives: ranked.slice(0, top), last_updated: stamp(simulation.now()) });
  });

  routes.get('/v1beta1/news', (request, response) => {
    const now = simulation.now();
    const symbols = readText(request.query, 'symbols') === null ? null : new Set(readSymbols(request.query));
    const start = readTime(request.query, 'start') ?? Number.NEGATIVE_INFINITY;
    const end = readTime(request.query, 'end') ?? now;
    const limit = readInteger(request.query, 'limit', 10, 1, 50);
    const ascending = readChoice(request.query, 'sort', ['asc', 'desc'], 'desc') === 'asc';
    const includeContent = readText(request.query, 'include_content') === 'true';
    const withContentOnly = readText(request.query, 'exclude_contentless') === 'true';
    const offset = Number(readPageToken(request.query)?.[0] ?? 0);
    const compare = (left: (typeof known)[number], right: (typeof known)[number]): number => left.at - right.at || left.article.id - right.article.id;
    const known = day.news
      .filter((article) => Date.parse(article.created_at) <= now)
      .map((article) => ({ article, at: knownUpdate(article, now) }))
      .filter(({ article, at }) => at >= start && at <= end && (!symbols || article.symbols.some((symbol) => symbols.has(symbol))) && (!withContentOnly || article.content.trim() !== ''))
      .sort((left, right) => (ascending ? compare(left, right) : compare(right, left)));
    const from = offset === 0 ? 0 : known.findIndex(({ article }) => article.id === offset) + 1;
    const page = known.slice(from, from + limit);
    const more = from + limit < known.length;
    response.json({
      news: page.map(({ article }) => wireNews(article, now, includeContent)),
      next_page_token: more ? toPageToken(page.at(-1)!.article.id) : null,
    });
  });

  routes.get('/v1/corporate-actions', (request, response) => {
    const today = inNewYork(new Date(simulation.now()).toISOString()).date;
    const symbols = readText(request.query, 'symbols') === null ? null : new Set(readSymbols(request.query));
    const types = readText(request.query, 'types')?.split(',');
    const start = readText(request.query, 'start')?.slice(0, 10) ?? today;
    const end = readText(request.query, 'end')?.slice(0, 10) ?? today;
    const limit = readInteger(request.query, 'limit', 100, 1, 1_000);
    const ascending = readChoice(request.query, 'sort', ['asc', 'desc'], 'asc') === 'asc';
    const offset = readInteger({ offset: readPageToken(request.query)?.[0] }, 'offset', 0, 0, 1_000_000);
    const chosen = day.corporate_actions
      .filter(({ symbol, type, ex_date }) => ex_date >= start && ex_date <= end && ex_date <= today && (!symbols || symbols.has(symbol)) && (!types || types.includes(type)))
      .sort((left, right) => (ascending ? 1 : -1) * (left.ex_date < right.ex_date ? -1 : left.ex_date > right.ex_date ? 1 : left.symbol < right.symbol ? -1 : 1));
    const grouped: Record<string, unknown[]> = {};
    for (const action of chosen.slice(offset, offset + limit)) (grouped[`${action.type}s`] ??= []).push(corporateActionView(action));
    response.json({ corporate_actions: grouped, next_page_token: offset + limit < chosen.length ? toPageToken(offset + limit) : null });
  });
  return routes;
};
