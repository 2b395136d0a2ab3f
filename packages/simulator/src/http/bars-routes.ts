import { inNewYork, newYorkTime } from '@catalyst/domain';
import { Router, type Request } from 'express';
import { adjustments } from '../market/price-adjustment.ts';
import { parseTimeframe } from '../market/timeframe.ts';
import type { BarsQuery } from '../market/historical-bars.ts';
import type { WireBar } from '../market/wire-bar.ts';
import type { Simulation } from '../simulation.ts';
import { InvalidParameter, readChoice, readInteger, readPageToken, readSymbols, readText, readTime, toPageToken } from './query.ts';

const FEEDS = ['sip', 'iex', 'otc', 'boats', 'delayed_sip', 'overnight'] as const;

const readBarsQuery = (simulation: Simulation, query: Request['query']): BarsQuery => {
  const timeframeText = readText(query, 'timeframe');
  if (timeframeText === null) throw new InvalidParameter('timeframe is required');
  const timeframe = parseTimeframe(timeframeText);
  if (!timeframe) throw new InvalidParameter(`invalid timeframe: ${timeframeText}`);
  readChoice(query, 'feed', FEEDS, 'sip');
  const now = simulation.now();
  const today = Date.parse(newYorkTime(inNewYork(new Date(now).toISOString()).date, '00:00'));
  const start = readTime(query, 'start') ?? today;
  const end = readTime(query, 'end') ?? now;
  if (end < start) throw new InvalidParameter('end should not be before start');
  return {
    timeframe,
    start_ms: start,
    end_ms: Math.min(end, now),
    adjustment: readChoice(query, 'adjustment', adjustments, 'raw'),
    sort: readChoice(query, 'sort', ['asc', 'desc'], 'asc'),
    limit: readInteger(query, 'limit', 1_000, 1, 10_000),
    beyond_ms: null,
  };
};

/** One page: symbols in alphabetical order, bars in order within each, at most `limit` bars in all. */
const readPage = (simulation: Simulation, symbols: readonly string[], asked: Request['query']) => {
  const query = readBarsQuery(simulation, asked);
  const token = readPageToken(asked);
  const [tokenSymbol, tokenStamp] = token ?? [];
  const tokenMs = tokenStamp === undefined ? Number.NaN : Date.parse(tokenStamp);
  if (token && (tokenSymbol === undefined || Number.isNaN(tokenMs))) throw new InvalidParameter('invalid page_token');
  const bars: Record<string, WireBar[]> = {};
  const now = simulation.now();
  let left = query.limit;
  let last: string | null = null;
  for (const symbol of symbols) {
    if (tokenSymbol !== undefined && symbol < tokenSymbol) continue;
    const found = simulation.bars.of(symbol, { ...query, limit: left + 1, beyond_ms: symbol === tokenSymbol ? tokenMs : null }, now);
    const more = found.length > left;
    if (more) found.length = left;
    if (found.length > 0) {
      bars[symbol] = found;
      left -= found.length;
      last = toPageToken(symbol, found.at(-1)!.t);
    }
    if (more) return { bars, next_page_token: last };
  }
  return { bars, next_page_token: null };
};

/** Historical bars of Alpaca's market data API. */
export const createBarsRoutes = (simulation: Simulation): Router => {
  const routes = Router();
  routes.get('/v2/stocks/bars', (request, response) => void response.json(readPage(simulation, readSymbols(request.query), request.query)));
  routes.get('/v2/stocks/:symbol/bars', (request, response) => {
    const { symbol } = request.params;
    const page = readPage(simulation, [symbol], request.query);
    response.json({ symbol, bars: page.bars[symbol] ?? [], next_page_token: page.next_page_token });
  });
  return routes;
};
