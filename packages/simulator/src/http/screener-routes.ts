import type { Router } from 'express';
import { stamp } from '../market/trading-time.ts';
import { roundPrice } from '../market/wire-bar.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { expectParameters, InvalidParameter, readChoice, readInteger } from './query.ts';

interface Activity {
  symbol: string;
  volume: number;
  trade_count: number;
}

/**
 * Shares and trades of the regular session so far; before its first minute is over those of the
 * session before, as Alpaca keeps them until the open.
 */
const activities = ({ market, finished }: Simulation): Activity[] => {
  const minutes = finished();
  const today = [...market.listings].flatMap(([symbol, { series }]) => {
    const bar = series.dailySoFar(minutes, '');
    return bar ? [{ symbol, volume: bar.v, trade_count: bar.n }] : [];
  });
  if (today.length > 0) return today;
  return [...market.listings].flatMap(([symbol, { daily }]) => {
    const last = daily.at(-1);
    return last
      ? [{ symbol, volume: last.volume, trade_count: Math.max(1, Math.round(last.volume / 100)) }]
      : [];
  });
};

interface Mover {
  symbol: string;
  percent_change: number;
  change: number;
  price: number;
}

const moverOf = (symbol: string, price: number, before: number): Mover => ({
  symbol,
  price,
  change: roundPrice(price - before),
  percent_change: Math.round(((price - before) / before) * 10_000) / 100,
});

/**
 * Changes from the close before to the last price of the regular session, split-adjusted; until its
 * first minute is over those of the session before. Tradable symbols only.
 */
const movers = ({ market, finished }: Simulation): Mover[] => {
  const minutes = finished();
  const tradable = [...market.listings].filter(([, { security }]) => security.tradable);
  const today = tradable.flatMap(([symbol, { series }]) => {
    const bar = series.dailySoFar(minutes, '');
    const before = market.previousClose(symbol);
    return bar && before ? [moverOf(symbol, bar.c, before)] : [];
  });
  if (today.length > 0) return today;
  return tradable.flatMap(([symbol, { daily, adjustment }]) => {
    const [before, last] = daily.slice(-2);
    if (!before || !last) return [];
    const { close } = before;
    const adjusted = adjustment.apply(
      { t: '', o: close, h: close, l: close, c: close, v: 0, n: 0, vw: close },
      before.date,
      last.date,
      'split',
    ).c;
    return [moverOf(symbol, last.close, adjusted)];
  });
};

const bySymbol = (left: { symbol: string }, right: { symbol: string }): number =>
  left.symbol < right.symbol ? -1 : 1;

/** Most active stocks and movers of Alpaca's market data API. */
export const createScreenerRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  routes.get('/v1beta1/screener/stocks/most-actives', ({ query }, response) => {
    expectParameters(query, ['by', 'top']);
    const by = readChoice(query, 'by', ['volume', 'trades'], 'volume');
    const top = readInteger(query, 'top', 10, 1, 100);
    const measure = (activity: Activity): number =>
      by === 'volume' ? activity.volume : activity.trade_count;
    const ranked = activities(simulation).sort(
      (left, right) => measure(right) - measure(left) || bySymbol(left, right),
    );
    response.json({ most_actives: ranked.slice(0, top), last_updated: stamp(simulation.now()) });
  });
  routes.get('/v1beta1/screener/:market_type/movers', ({ query, params }, response) => {
    expectParameters(query, ['top']);
    const { market_type } = params;
    if (market_type !== 'stocks')
      throw new InvalidParameter(`invalid market type: ${market_type.slice(0, 100)}`);
    const top = readInteger(query, 'top', 10, 1, 50);
    const changed = movers(simulation);
    const gainers = changed
      .filter(({ change }) => change > 0)
      .sort((left, right) => right.percent_change - left.percent_change || bySymbol(left, right));
    const losers = changed
      .filter(({ change }) => change < 0)
      .sort((left, right) => left.percent_change - right.percent_change || bySymbol(left, right));
    response.json({
      gainers: gainers.slice(0, top),
      losers: losers.slice(0, top),
      market_type,
      last_updated: stamp(simulation.now()),
    });
  });
  return routes;
};
