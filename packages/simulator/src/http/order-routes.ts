import type { Router } from 'express';
import type { Account } from '../exchange/account.ts';
import { isOpen, type Order } from '../exchange/order.ts';
import { invalidField, notFound } from '../exchange/refusal.ts';
import type { Simulation } from '../simulation.ts';
import { ASSET_CLASSES } from './asset-classes.ts';
import { accountOf } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import {
  InvalidParameter,
  readBoolean,
  readChoice,
  readChoices,
  readInteger,
  readNanoseconds,
  readText,
  type Query,
} from './query.ts';
import { readUuid } from './read-uuid.ts';
import { sendOutcome, sendRefusal } from './send-outcome.ts';

/**
 * `GET /v2/orders` with all of its filters; legs are listed beside their parents unless `nested`
 * rolls them up.
 */
const listOrders = (simulation: Simulation, account: Account, query: Query): unknown[] => {
  const status = readChoice(query, 'status', ['open', 'closed', 'all'], 'open');
  const direction = readChoice(query, 'direction', ['asc', 'desc'], 'desc');
  const limit = readInteger(query, 'limit', 50, 1, 500);
  const nested = readBoolean(query, 'nested');
  const side =
    readText(query, 'side') === null ? null : readChoice(query, 'side', ['buy', 'sell'], 'buy');
  const symbols = readText(query, 'symbols')
    ?.split(',')
    .map((symbol) => symbol.trim());
  const classes = readChoices(query, 'asset_class', [...ASSET_CLASSES, 'all']);
  const after = readNanoseconds(query, 'after');
  const until = readNanoseconds(query, 'until');
  const beforeId = readText(query, 'before_order_id');
  const afterId = readText(query, 'after_order_id');
  if (beforeId !== null && afterId !== null)
    throw new InvalidParameter('before_order_id and after_order_id are mutually exclusive');
  const bound = (id: string | null): number | null => {
    if (id === null) return null;
    const order = account.orders.get(readUuid(id) ?? id);
    if (!order) throw new InvalidParameter(`order not found for ${id.slice(0, 100)}`);
    return order.sequence;
  };
  const below = bound(beforeId);
  const above = bound(afterId);
  if (classes && !classes.includes('us_equity') && !classes.includes('all')) return [];
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
  const listed = nested
    ? wanted.filter(({ parent_id }) => parent_id === null || !chosen.has(parent_id))
    : wanted;
  listed.sort((left, right) =>
    direction === 'asc' ? left.sequence - right.sequence : right.sequence - left.sequence,
  );
  return listed
    .slice(0, limit)
    .map((order) => simulation.exchange.wireOrder(account, order, nested));
};

/** Orders of Alpaca's trading API; `symbolOf` turns an asset id into its symbol. */
export const createOrderRoutes = (
  simulation: Simulation,
  symbolOf: (named: string) => string,
): Router => {
  const routes = createRoutes();
  const { exchange } = simulation;
  const withSymbol = (body: unknown): unknown =>
    typeof body === 'object' && body !== null && 'symbol' in body && typeof body.symbol === 'string'
      ? { ...body, symbol: symbolOf(body.symbol) }
      : body;

  routes.post('/v2/orders', (request, response) => {
    const account = accountOf(response);
    sendOutcome(response, exchange.submit(account, withSymbol(request.body)), (order) =>
      exchange.answer(account, order),
    );
  });
  routes.get(
    '/v2/orders',
    (request, response) =>
      void response.json(listOrders(simulation, accountOf(response), request.query)),
  );
  routes.delete('/v2/orders', (_request, response) => {
    response
      .status(207)
      .json(exchange.cancelAll(accountOf(response)).map(({ id }) => ({ id, status: 200 })));
  });
  routes.get('/v2/orders\\:by_client_order_id', (request, response) => {
    const account = accountOf(response);
    const clientOrderId = readText(request.query, 'client_order_id');
    if (clientOrderId === null)
      return sendRefusal(response, invalidField('client_order_id is required'));
    const order = account.by_client_order_id.get(clientOrderId);
    if (order) response.json(exchange.wireOrder(account, order, true));
    else sendRefusal(response, notFound(`order not found for ${clientOrderId.slice(0, 200)}`));
  });
  routes.get('/v2/orders/:order_id', (request, response) => {
    const account = accountOf(response);
    const id = readUuid(request.params.order_id);
    if (id === null) return sendRefusal(response, invalidField('order_id is missing'));
    const nested = readBoolean(request.query, 'nested');
    const order = exchange.order(account, id);
    if (order) response.json(exchange.wireOrder(account, order, nested));
    else sendRefusal(response, notFound(`order not found for ${id}`));
  });
  routes.patch('/v2/orders/:order_id', (request, response) => {
    const account = accountOf(response);
    const id = readUuid(request.params.order_id);
    if (id === null) return sendRefusal(response, invalidField('order_id is missing'));
    sendOutcome(response, exchange.replace(account, id, request.body), (order) =>
      exchange.answer(account, order),
    );
  });
  routes.delete('/v2/orders/:order_id', (request, response) => {
    const id = readUuid(request.params.order_id);
    if (id === null) return sendRefusal(response, invalidField('order_id is missing'));
    const outcome = exchange.cancel(accountOf(response), id);
    if (outcome.ok) response.status(204).end();
    else sendRefusal(response, outcome);
  });
  return routes;
};
