import { Router, type Request, type Response } from 'express';
import type { Account, FillActivity } from '../exchange/account.ts';
import { assetId } from '../exchange/create-orders.ts';
import { readDecimal } from '../exchange/order-request.ts';
import { isOpen, type Order } from '../exchange/order.ts';
import { notFound, invalidField, type Outcome } from '../exchange/refusal.ts';
import type { Simulation } from '../simulation.ts';
import { accountView, assetView, portfolioHistoryView, portfolioTimeframes, positionView } from './account-views.ts';
import { accountOf } from './authenticate.ts';
import { createCalendarRoutes } from './calendar-routes.ts';
import { InvalidParameter, readChoice, readInteger, readText, readTime } from './query.ts';

const send = <T>(response: Response, outcome: Outcome<T>, view: (value: T) => unknown): void => {
  if (outcome.ok) response.json(view(outcome.value));
  else response.status(outcome.refusal.status).json(outcome.refusal.body);
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const listOrders = (simulation: Simulation, account: Account, query: Request['query']): unknown[] => {
  const status = readChoice(query, 'status', ['open', 'closed', 'all'], 'open');
  const direction = readChoice(query, 'direction', ['asc', 'desc'], 'desc');
  const limit = readInteger(query, 'limit', 50, 1, 500);
  const nested = readText(query, 'nested') === 'true';
  const side = readText(query, 'side');
  const symbols = readText(query, 'symbols')?.split(',');
  const after = readTime(query, 'after');
  const until = readTime(query, 'until');
  const beforeId = readText(query, 'before_order_id');
  const afterId = readText(query, 'after_order_id');
  const bound = (id: string | null): number | null => {
    if (id === null) return null;
    const order = account.orders.get(id);
    if (!order) throw new InvalidParameter(`order not found for ${id}`);
    return order.sequence;
  };
  const below = bound(beforeId);
  const above = bound(afterId);
  const isWanted = (order: Order): boolean => {
    if (status === 'open' && !isOpen(order)) return false;
    if (status === 'closed' && (isOpen(order) || order.status === 'held')) return false;
    if (symbols && !symbols.includes(order.symbol)) return false;
    if (side !== null && order.side !== side) return false;
    if (after !== null && order.submitted_at <= after) return false;
    if (until !== null && order.submitted_at >= until) return false;
    return (below === null || order.sequence < below) && (above === null || order.sequence > above);
  };
  const wanted = [...account.orders.values()].filter(isWanted);
  const chosen = new Set(wanted.map(({ id }) => id));
  const listed = nested ? wanted.filter(({ parent_id }) => parent_id === null || !chosen.has(parent_id)) : wanted;
  listed.sort((left, right) => (direction === 'asc' ? left.sequence - right.sequence : right.sequence - left.sequence));
  return listed.slice(0, limit).map((order) => simulation.exchange.wireOrder(account, order, nested));
};

const listActivities = (account: Account, query: Request['query'], types: string | null): FillActivity[] => {
  const direction = readChoice(query, 'direction', ['asc', 'desc'], 'desc');
  const size = readInteger(query, 'page_size', 100, 1, 100);
  const token = readText(query, 'page_token');
  const category = readText(query, 'category');
  const after = readTime(query, 'after');
  const until = readTime(query, 'until');
  const date = readText(query, 'date');
  if ((types !== null && !types.split(',').includes('FILL')) || category === 'non_trade_activity') return [];
  const ordered = direction === 'asc' ? account.activities : account.activities.toReversed();
  const from = token === null ? 0 : ordered.findIndex(({ id }) => id === token) + 1;
  if (token !== null && from === 0) throw new InvalidParameter(`invalid page_token: ${token}`);
  return ordered
    .slice(from)
    .filter(({ transaction_time, id }) => {
      const at = Date.parse(transaction_time);
      if (after !== null && at <= after) return false;
      if (until !== null && at >= until) return false;
      return date === null || id.startsWith(date.slice(0, 10).replaceAll('-', ''));
    })
    .slice(0, size);
};

/** Alpaca's trading API, version 2. */
export const createTradingRoutes = (simulation: Simulation): Router => {
  const routes = Router();
  const { exchange, market } = simulation;
  const symbolsByAsset = new Map([...market.listings.keys()].map((symbol) => [assetId(symbol), symbol]));
  /** A path names a security by its symbol or by its asset id. */
  const symbolOf = (named: string): string => symbolsByAsset.get(named) ?? named;

  routes.get('/v2/account', (_request, response) => void response.json(accountView(simulation, accountOf(response))));
  routes.get('/v2/account/configurations', (_request, response) => {
    response.json({ fractional_trading: true, max_margin_multiplier: '2', no_shorting: false, suspend_trade: false, trade_confirm_email: 'none', ptp_no_exception_entry: false, disable_overnight_trading: true });
  });
  routes.get('/v2/account/portfolio/history', (request, response) => {
    const timeframe = readChoice(request.query, 'timeframe', portfolioTimeframes, '5Min');
    const extended = readText(request.query, 'extended_hours') === 'true' || (readText(request.query, 'intraday_reporting') ?? 'market_hours') !== 'market_hours';
    response.json(portfolioHistoryView(simulation, accountOf(response), timeframe, extended));
  });
  routes.get('/v2/account/activities', (request, response) => {
    response.json(listActivities(accountOf(response), request.query, readText(request.query, 'activity_types')));
  });
  routes.get('/v2/account/activities/:activity_type', (request, response) => {
    response.json(listActivities(accountOf(response), request.query, request.params.activity_type));
  });

  routes.post('/v2/orders', (request, response) => {
    const account = accountOf(response);
    send(response, exchange.submit(account, request.body), (order) => exchange.wireOrder(account, order, true));
  });
  routes.get('/v2/orders', (request, response) => void response.json(listOrders(simulation, accountOf(response), request.query)));
  routes.delete('/v2/orders', (_request, response) => {
    response.status(207).json(exchange.cancelAll(accountOf(response)).map(({ id }) => ({ id, status: 200 })));
  });
  routes.get('/v2/orders\\:by_client_order_id', (request, response) => {
    const account = accountOf(response);
    const clientOrderId = readText(request.query, 'client_order_id');
    const order = clientOrderId === null ? undefined : account.by_client_order_id.get(clientOrderId);
    if (order) response.json(exchange.wireOrder(account, order, true));
    else send(response, notFound(`order not found for ${clientOrderId ?? ''}`), () => null);
  });
  routes.get('/v2/orders/:order_id', (request, response) => {
    const account = accountOf(response);
    const { order_id: id } = request.params;
    if (!UUID.test(id)) return send(response, invalidField('order_id is missing'), () => null);
    const order = exchange.order(account, id);
    if (!order) return send(response, notFound(`order not found for ${id}`), () => null);
    response.json(exchange.wireOrder(account, order, readText(request.query, 'nested') === 'true'));
  });
  routes.patch('/v2/orders/:order_id', (request, response) => {
    const account = accountOf(response);
    send(response, exchange.replace(account, request.params.order_id, request.body), (order) => exchange.wireOrder(account, order, true));
  });
  routes.delete('/v2/orders/:order_id', (request, response) => {
    const { order_id: id } = request.params;
    if (!UUID.test(id)) return send(response, invalidField('order_id is missing'), () => null);
    const outcome = exchange.cancel(accountOf(response), id);
    if (outcome.ok) response.status(204).end();
    else send(response, outcome, () => null);
  });

  routes.get('/v2/positions', (_request, response) => {
    const account = accountOf(response);
    const positions = [...account.positions.values()].sort((left, right) => (left.symbol < right.symbol ? -1 : 1));
    response.json(positions.map((position) => positionView(simulation, account, position)));
  });
  routes.get('/v2/positions/:symbol', (request, response) => {
    const account = accountOf(response);
    const position = account.positions.get(symbolOf(request.params.symbol));
    if (position) response.json(positionView(simulation, account, position));
    else send(response, notFound('position does not exist'), () => null);
  });
  routes.delete('/v2/positions', (request, response) => {
    const account = accountOf(response);
    const cancelOrders = readText(request.query, 'cancel_orders') === 'true';
    const symbols = [...account.positions.keys()].sort();
    response.status(207).json(
      symbols.map((symbol) => {
        if (cancelOrders) exchange.cancelAll(account, symbol);
        const outcome = exchange.closePosition(account, symbol, null);
        if (outcome.ok) return { symbol, status: 200, body: exchange.wireOrder(account, outcome.value, true) };
        return { symbol, status: outcome.refusal.status };
      }),
    );
  });
  routes.delete('/v2/positions/:symbol', (request, response) => {
    const account = accountOf(response);
    const symbol = symbolOf(request.params.symbol);
    const percentage = readDecimal(readText(request.query, 'percentage'));
    const held = account.positions.get(symbol)?.qty.abs();
    const qty = percentage && held ? held.times(percentage).div(100).floor() : readDecimal(readText(request.query, 'qty'));
    send(response, exchange.closePosition(account, symbol, qty), (order) => exchange.wireOrder(account, order, true));
  });

  routes.use(createCalendarRoutes(simulation));
  routes.get('/v2/assets', (request, response) => {
    const status = readText(request.query, 'status');
    const exchangeName = readText(request.query, 'exchange');
    const assetClass = readText(request.query, 'asset_class') ?? 'us_equity';
    const listed = [...market.listings.values()].filter(({ security }) => exchangeName === null || security.exchange === exchangeName);
    response.json(status === 'inactive' || assetClass !== 'us_equity' ? [] : listed.map(({ security }) => assetView(security)));
  });
  routes.get('/v2/assets/:symbol', (request, response) => {
    const { symbol } = request.params;
    const listing = market.listings.get(symbolOf(symbol));
    if (listing) response.json(assetView(listing.security));
    else send(response, notFound(`asset not found for ${symbol}`), () => null);
  });
  return routes;
};
