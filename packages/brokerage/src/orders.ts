import { errors } from '@alpacahq/alpaca-trade-api';
import type { trading } from '@alpacahq/alpaca-trade-api';
import type { DecimalString, OrderRequest } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import { z } from 'zod';
import { readAnswer, type AlpacaConnection } from './alpaca-connection.ts';
import { isSafety, purposeAtHand } from './purpose.ts';
import { createOrderReader } from './read-orders.ts';
import { idOf, isForeign, type TellUnread } from './read-items.ts';
import { isTransient, toAppError } from './vendor-errors.ts';
import { wireOrder, type BrokerOrder } from './wire/order.ts';

/**
 * Refusals that a desk can answer by more than giving up: `day_orders_only`, the security is hard
 * to borrow and takes no other time in force, exits of long positions included (the asset's
 * `easy_to_borrow` does not always say so), or the shares are no whole number; `halted`, the security takes no market orders until its
 * halt is over.
 */
export type RefusalKind = 'day_orders_only' | 'halted' | 'other';

/**
 * `accepted`: the broker has it. `refused`: it does not and will not. `unknown`: it may have it;
 * ask again with the same client_order_id.
 */
export type SubmitOutcome =
  | { outcome: 'accepted'; order: BrokerOrder }
  | { outcome: 'refused'; why: RefusalKind; code: string; message: string }
  | { outcome: 'unknown'; cause: AppError };

/**
 * `requested`: the broker cancels it. `not_open`: it had ended before. `not_found`: the broker has
 * no such order.
 */
export type CancelOutcome =
  | { outcome: 'requested' }
  | { outcome: 'not_open'; message: string }
  | { outcome: 'not_found' }
  | { outcome: 'unknown'; cause: AppError };

/** `moved`: another order has taken its place, at the new price. `refused`: it stays as it was. */
export type MoveOutcome =
  | { outcome: 'moved'; order: BrokerOrder }
  | { outcome: 'refused'; message: string }
  | { outcome: 'unknown'; cause: AppError };

export interface ListOrders {
  status: 'open' | 'closed' | 'all';
  /**
   * Legs inside their parents instead of beside them. Open orders are asked for without: of a bracket
   * whose entry had filled Alpaca then listed nothing (alpacahq/alpaca-trade-api-js issues 80 and 87).
   */
  nested?: boolean;
  /** Submitted later than this instant. */
  after?: string;
  symbols?: readonly string[];
}

export interface BrokerOrders {
  submitOrder(request: OrderRequest): Promise<SubmitOutcome>;
  /** With its legs; null when the broker does not know the id. */
  getOrderByClientId(clientOrderId: string): Promise<BrokerOrder | null>;
  getOrder(brokerOrderId: string): Promise<BrokerOrder | null>;
  /** All pages, oldest first; what is of no US stock is left out. */
  listOrders(filter: ListOrders, tellUnread?: TellUnread): Promise<BrokerOrder[]>;
  /** False for an order of an option, crypto or anything else that is no US stock. */
  isStockOrder(brokerOrderId: string): Promise<boolean>;
  cancelOrder(brokerOrderId: string): Promise<CancelOutcome>;
  /** Moves the stop of an order that waits; the shares keep one all the while. */
  moveStop(brokerOrderId: string, stop_price: DecimalString): Promise<MoveOutcome>;
  /** Moves the limit of a target that waits. */
  moveTarget(brokerOrderId: string, limit_price: DecimalString): Promise<MoveOutcome>;
}

const PAGE = 500;
/**
 * Shares have no stop while the order that sells or guards them is on its way: one that is not
 * answered within this is looked up, and sent again under the same id, as is one that failed once.
 */
const SAFETY_ANSWER_MS = 800;

const toWire = (request: OrderRequest): trading.PostOrderRequest => ({
  clientOrderId: request.client_order_id,
  symbol: request.symbol,
  side: request.side,
  type: request.type,
  orderClass: request.order_class,
  timeInForce: request.time_in_force,
  qty: request.qty,
  ...(request.limit_price && { limitPrice: request.limit_price }),
  ...(request.stop_price && { stopPrice: request.stop_price }),
  ...(request.trail_price && { trailPrice: request.trail_price }),
  ...(request.trail_percent && { trailPercent: request.trail_percent }),
  ...(request.take_profit && { takeProfit: { limitPrice: request.take_profit.limit_price } }),
  ...(request.stop_loss && {
    stopLoss: {
      stopPrice: request.stop_loss.stop_price,
      ...(request.stop_loss.limit_price && { limitPrice: request.stop_loss.limit_price }),
    },
  }),
});

/** Alpaca gives both the code 42210000, which it has for many things: only the words tell. */
const refusalKind = (message: string): RefusalKind => {
  if (/only day orders are allowed|must be day orders/i.test(message)) return 'day_orders_only';
  return /market order rejected due to trading halt/i.test(message) ? 'halted' : 'other';
};

const isDuplicate = (error: errors.ApiError): boolean =>
  /client_order_id must be unique/i.test(error.message);

export const createBrokerOrders = ({
  trading: host,
  items,
  orders,
}: AlpacaConnection): BrokerOrders => {
  const { readOrders, withLegs } = createOrderReader(items);
  const orNull = async (lookup: Promise<BrokerOrder>): Promise<BrokerOrder | null> => {
    try {
      return await lookup;
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };
  const getOrderByClientId: BrokerOrders['getOrderByClientId'] = (clientOrderId) =>
    orNull(
      host
        .read('order by client id', wireOrder, (init) =>
          orders.getOrderByClientOrderIdRaw({ clientOrderId }, init),
        )
        .then(withLegs),
    );

  /**
   * What became of a request whose answer was lost: the broker is asked before anything else is
   * done.
   */
  const lookUp = async (clientOrderId: string, cause: AppError): Promise<SubmitOutcome> => {
    try {
      const order = await getOrderByClientId(clientOrderId);
      return order ? { outcome: 'accepted', order } : { outcome: 'unknown', cause };
    } catch (error) {
      return { outcome: 'unknown', cause: toAppError('order by client id', error) };
    }
  };

  /** Asks for another order in the place of one that waits. */
  const patch = async (
    what: string,
    orderId: string,
    patchOrderRequest: trading.PatchOrderRequest,
  ): Promise<MoveOutcome> => {
    try {
      const answer: unknown = await host.act(async (init) =>
        (await orders.patchOrderByOrderIdRaw({ orderId, patchOrderRequest }, init)).raw.json(),
      );
      return { outcome: 'moved', order: withLegs(readAnswer(what, wireOrder, answer)) };
    } catch (error) {
      if (error instanceof errors.ApiError && !isTransient(error))
        return { outcome: 'refused', message: error.message };
      return { outcome: 'unknown', cause: toAppError(what, error) };
    }
  };

  const submitOnce = async (
    request: OrderRequest,
    answer_within_ms?: number,
  ): Promise<SubmitOutcome> => {
    try {
      const answer: unknown = await host.act(
        async (init) =>
          (await orders.postOrderRaw({ postOrderRequest: toWire(request) }, init)).raw.json(),
        answer_within_ms,
      );
      return { outcome: 'accepted', order: withLegs(readAnswer('new order', wireOrder, answer)) };
    } catch (error) {
      const isRefusal = error instanceof errors.ApiError && !isTransient(error);
      if (isRefusal && !isDuplicate(error))
        return {
          outcome: 'refused',
          why: refusalKind(error.message),
          code: String(error.code ?? error.status),
          message: error.message,
        };
      return lookUp(
        request.client_order_id,
        error instanceof SyntaxError
          ? new AppError(
              'VENDOR_ANSWERED_GARBAGE',
              'alpaca answered new order with what is not JSON',
            )
          : toAppError('new order', error),
      );
    }
  };

  /** Orders for whose safety was asked and of which the broker has not said yet what became of them. */
  const failed = new Set<string>();

  return {
    getOrderByClientId,
    submitOrder: async (request) => {
      if (!isSafety(purposeAtHand())) return submitOnce(request);
      const { client_order_id } = request;
      const settle = (outcome: SubmitOutcome): SubmitOutcome => {
        if (outcome.outcome === 'unknown') failed.add(client_order_id);
        else failed.delete(client_order_id);
        return outcome;
      };
      const first = await submitOnce(request, SAFETY_ANSWER_MS);
      if (first.outcome !== 'unknown') return settle(first);
      const { code } = first.cause;
      // a broker that is down is left alone until the next try, as is one that counts requests
      const isDown = code === 'TOO_MANY_REQUESTS' || failed.has(client_order_id);
      // it may still arrive: of two with one id the broker takes one
      return settle(code === 'TIMED_OUT' || !isDown ? await submitOnce(request) : first);
    },
    getOrder: (orderId) =>
      orNull(
        host
          .read('order', wireOrder, (init) =>
            orders.getOrderByOrderIDRaw({ orderId, nested: true }, init),
          )
          .then(withLegs),
      ),
    isStockOrder: async (orderId) => {
      try {
        return !isForeign(
          await host.read('order', z.unknown(), (init) =>
            orders.getOrderByOrderIDRaw({ orderId }, init),
          ),
        );
      } catch (error) {
        // what the broker does not know is not known to be anything else
        if (error instanceof AppError && error.code === 'NOT_FOUND') return true;
        throw error;
      }
    },
    listOrders: async ({ status, nested = true, after, symbols }, tellUnread) => {
      const listed: BrokerOrder[] = [];
      let lastId: string | null = null;
      for (;;) {
        const last: string | null = lastId;
        const page: unknown[] = await host.read('orders', z.array(z.unknown()), (init) =>
          orders.getAllOrdersRaw(
            {
              status,
              nested,
              limit: PAGE,
              direction: 'asc',
              ...(symbols && { symbols: symbols.join(',') }),
              ...(last !== null ? { afterOrderId: last } : after ? { after } : {}),
            },
            init,
          ),
        );
        listed.push(...readOrders(page, tellUnread));
        lastId = idOf(page.at(-1));
        if (page.length < PAGE || lastId === null) return listed;
      }
    },
    cancelOrder: async (orderId) => {
      try {
        await host.act((init) => orders.deleteOrderByOrderID({ orderId }, init));
        return { outcome: 'requested' };
      } catch (error) {
        if (error instanceof errors.NotFoundError) return { outcome: 'not_found' };
        if (error instanceof errors.ValidationError)
          return { outcome: 'not_open', message: error.message };
        return { outcome: 'unknown', cause: toAppError('cancel', error) };
      }
    },
    moveStop: (orderId, stopPrice) => patch('moved stop', orderId, { stopPrice }),
    moveTarget: (orderId, limitPrice) => patch('moved target', orderId, { limitPrice }),
  };
};
