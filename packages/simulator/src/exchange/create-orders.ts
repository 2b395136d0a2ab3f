import { Exact, stableId, type OrderType, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { expiresAt } from './expires-at.ts';
import { trailingStopPrice } from './fill-model/trailing-stop.ts';
import { isAtMarket } from './is-at-market.ts';
import type { OrderRequest } from './order-request.ts';
import type { LegRole, Order } from './order.ts';
import { inferIntent } from './position-intent.ts';
import { requestedShares } from './requested-shares.ts';

export const assetId = (symbol: string): string => stableId('simulator-asset', symbol);

interface LegShape {
  role: LegRole;
  type: OrderType;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
}

const legShapes = (request: OrderRequest): LegShape[] => {
  const shapes: LegShape[] = [];
  if (request.take_profit && request.order_class !== 'oco') {
    shapes.push({
      role: 'take_profit',
      type: 'limit',
      limit_price: request.take_profit.limit_price,
      stop_price: null,
    });
  }
  if (request.stop_loss) {
    const { stop_price, limit_price } = request.stop_loss;
    shapes.push({
      role: 'stop_loss',
      type: limit_price ? 'stop_limit' : 'stop',
      limit_price,
      stop_price,
    });
  }
  return shapes;
};

/**
 * Makes an order and its legs and puts them into the account's book, without a word to anyone. Ids
 * depend on the account and the client's id only, so the same requests give the same ids in every
 * run.
 */
export const createOrders = (
  context: ExchangeContext,
  account: Account,
  request: OrderRequest,
): Order => {
  const now = context.now();
  const clientOrderId =
    request.client_order_id ??
    stableId('client-order', account.account_number, account.orders.size);
  const id = stableId('order', account.account_number, clientOrderId);
  const minute = context.finished();
  const shares = requestedShares(context, request);

  const make = (
    fields: Partial<Order> &
      Pick<Order, 'id' | 'client_order_id' | 'side' | 'type' | 'role' | 'status'>,
  ): Order => {
    const order: Order = {
      sequence: account.orders.size + 1,
      symbol: request.symbol,
      asset_id: assetId(request.symbol),
      order_class: request.order_class,
      is_class_named: request.is_class_named,
      time_in_force: request.time_in_force,
      extended_hours: request.extended_hours,
      qty: shares,
      notional: request.notional,
      filled_qty: new Exact(0),
      filled_value: new Exact(0),
      limit_price: null,
      stop_price: null,
      trail_price: null,
      trail_percent: null,
      hwm: null,
      parent_id: null,
      leg_ids: [],
      sibling_id: null,
      position_intent: inferIntent(account, request.symbol, request.side),
      works_from: now,
      triggered: false,
      fills: 0,
      created_at: account.timestamp(now),
      submitted_at: account.timestamp(now),
      updated_at: account.timestamp(now),
      expires_at: expiresAt(context, request),
      filled_at: null,
      expired_at: null,
      canceled_at: null,
      failed_at: null,
      cancels_at: null,
      replacement: null,
      takes_over_at: null,
      replaced_at: null,
      replaced_by: null,
      replaces: null,
      ...fields,
    };
    account.orders.set(order.id, order);
    account.by_client_order_id.set(order.client_order_id, order);
    account.alive.add(order);
    return order;
  };

  const isOco = request.order_class === 'oco';
  const order = make({
    id,
    client_order_id: clientOrderId,
    side: request.side,
    type: request.type,
    role: isOco ? 'take_profit' : 'entry',
    status: isAtMarket(context, request) ? 'new' : 'accepted',
    limit_price: request.limit_price,
    stop_price: request.stop_price,
    trail_price: request.trail_price,
    trail_percent: request.trail_percent,
  });
  if (order.type === 'trailing_stop') {
    order.hwm = new Exact(context.market.lastTrade(order.symbol, minute)?.price ?? 0);
    order.stop_price = trailingStopPrice(order, order.hwm);
  }
  const exitSide: Side = isOco ? request.side : request.side === 'buy' ? 'sell' : 'buy';
  const legs = legShapes(request).map(({ role, type, limit_price, stop_price }) =>
    make({
      id: stableId('order', id, role),
      client_order_id: stableId('client-order', id, role),
      side: exitSide,
      type,
      role,
      status: 'held',
      limit_price,
      stop_price,
      parent_id: id,
      position_intent: `${exitSide}_to_close`,
      works_from: isOco ? now : null,
    }),
  );
  order.leg_ids = legs.map((leg) => leg.id);
  const [first, second] = isOco ? [order, legs[0]] : legs;
  if (first && second) {
    first.sibling_id = second.id;
    second.sibling_id = first.id;
  }
  return order;
};
