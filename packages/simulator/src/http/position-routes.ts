import type { Router } from 'express';
import type { Decimal } from 'decimal.js';
import type { Account } from '../exchange/account.ts';
import { readDecimal } from '../exchange/order-fields.ts';
import { notFound } from '../exchange/refusal.ts';
import type { Simulation } from '../simulation.ts';
import { positionView } from './account-views.ts';
import { accountOf } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import { InvalidParameter, readBoolean, readText, type Query } from './query.ts';
import { sendOutcome, sendRefusal } from './send-outcome.ts';

/** Quantities have at most nine decimal places at Alpaca. */
const QTY_DECIMALS = 9;

const readAmount = (query: Query, name: string): Decimal | null => {
  const text = readText(query, name);
  if (text === null) return null;
  const amount = readDecimal(text);
  if (!amount || amount.lte(0) || amount.decimalPlaces() > QTY_DECIMALS)
    throw new InvalidParameter(`invalid ${name}: ${text.slice(0, 100)}`);
  return amount;
};

/**
 * Shares to close: `qty`, or `percentage` of the position, in whole shares unless the position
 * itself is fractional; null for all of it.
 */
const readQtyToClose = (account: Account, symbol: string, query: Query): Decimal | null => {
  const qty = readAmount(query, 'qty');
  const percentage = readAmount(query, 'percentage');
  if (qty && percentage) throw new InvalidParameter('only one of qty and percentage is accepted');
  if (percentage?.gt(100))
    throw new InvalidParameter(
      `invalid percentage: ${percentage.toFixed()}; it must be between 0 and 100`,
    );
  const held = account.positions.get(symbol)?.qty.abs();
  if (!percentage || !held) return qty;
  const part = held
    .times(percentage)
    .div(100)
    .toDecimalPlaces(held.isInteger() ? 0 : QTY_DECIMALS, 1);
  if (part.isZero()) throw new InvalidParameter('qty must be > 0');
  return part;
};

/** Positions of Alpaca's trading API; `symbolOf` turns an asset id into its symbol. */
export const createPositionRoutes = (
  simulation: Simulation,
  symbolOf: (named: string) => string,
): Router => {
  const routes = createRoutes();
  const { exchange } = simulation;

  routes.get('/v2/positions', (_request, response) => {
    const account = accountOf(response);
    const positions = [...account.positions.values()].sort((left, right) =>
      left.symbol < right.symbol ? -1 : 1,
    );
    response.json(positions.map((position) => positionView(simulation, account, position)));
  });
  routes.get('/v2/positions/:symbol', (request, response) => {
    const account = accountOf(response);
    const position = account.positions.get(symbolOf(request.params.symbol));
    if (position) response.json(positionView(simulation, account, position));
    else sendRefusal(response, notFound('position does not exist'));
  });
  routes.delete('/v2/positions', (request, response) => {
    const account = accountOf(response);
    const cancelOrders = readBoolean(request.query, 'cancel_orders');
    if (cancelOrders) exchange.cancelAll(account);
    const symbols = [...account.positions.keys()].sort();
    response.status(207).json(
      symbols.map((symbol) => {
        const outcome = exchange.closePosition(account, symbol, null);
        if (outcome.ok)
          return { symbol, status: 200, body: exchange.answer(account, outcome.value) };
        return { symbol, status: outcome.refusal.status, body: outcome.refusal.body };
      }),
    );
  });
  routes.delete('/v2/positions/:symbol', (request, response) => {
    const account = accountOf(response);
    const symbol = symbolOf(request.params.symbol);
    const qty = readQtyToClose(account, symbol, request.query);
    sendOutcome(response, exchange.closePosition(account, symbol, qty), (order) =>
      exchange.answer(account, order),
    );
  });
  return routes;
};
