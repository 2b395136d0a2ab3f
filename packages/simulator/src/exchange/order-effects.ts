import { Exact, NEW_YORK, stableId, toDecimalString, type OrderStatus } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { DateTime } from 'luxon';
import { bookExecution, positionRows, reservedForExits, takenOf, type Account } from './account.ts';
import type {
  ExchangeContext,
  ScriptedStatus,
  TradeEvent,
  TradeUpdate,
} from './exchange-context.ts';
import { nanosecondText, type Nanoseconds } from '../nanoseconds.ts';
import { assertTransition, mayBecome } from './order-states.ts';
import { ulidAt } from '../ulid.ts';
import { isAlive, isOpen, remainingQty, toWireOrder, type Order } from './order.ts';
import { valueAccount } from './value-account.ts';
import { wantedQty } from './wanted-qty.ts';

/** What can happen to an order, each with everything that follows from it in the same instant. */
export interface OrderEffects {
  legsOf(account: Account, order: Order): Order[];
  announce(account: Account, order: Order, event: TradeEvent, details?: Partial<TradeUpdate>): void;
  fill(account: Account, order: Order, qty: Decimal, price: Decimal): void;
  trigger(account: Account, order: Order): void;
  cancel(account: Account, order: Order): void;
  /**
   * Asks for the end of an order: at once, or `latency_ms` later, when a fill has not come first.
   */
  requestCancel(account: Account, order: Order): void;
  expire(account: Account, order: Order): void;
  openForTrading(account: Account, order: Order): void;
  /** Refuses an order that had been taken; what waits for it ends with it. */
  reject(account: Account, order: Order): void;
  /** Ends an order whose place `by` has taken. */
  endReplaced(account: Account, order: Order, by: Order): void;
  /**
   * A status that neither fills nor ends the order; `event` says what happened where that is
   * another word.
   */
  changeStatus(
    account: Account,
    order: Order,
    status: ScriptedStatus | 'partially_filled' | 'pending_replace',
    event: TradeEvent,
  ): void;
  recordAccount(account: Account): void;
}

export const createOrderEffects = (context: ExchangeContext): OrderEffects => {
  const { market, ledger, options } = context;

  const legsOf = (account: Account, order: Order): Order[] =>
    order.leg_ids.map((id) => account.orders.get(id) as Order);

  const announce: OrderEffects['announce'] = (account, order, event, details = {}) => {
    account.seq += 1;
    const happened = account.timestamp(context.now());
    const at = nanosecondText(happened);
    const update: TradeUpdate = {
      event,
      seq: account.seq,
      at,
      timestamp: at,
      event_id: ulidAt(happened, `${account.account_number} ${account.seq}`),
      execution_id: stableId('execution', order.id, event, account.seq),
      ...details,
      order: toWireOrder(order, legsOf(account, order)),
    };
    ledger.append('update', context.now(), { account_number: account.account_number, update });
    context.publish(account, update);
  };

  /** The only way in which these effects change a status. */
  const move = (account: Account, order: Order, status: OrderStatus): void => {
    assertTransition(order.id, order.status, status);
    order.status = status;
    order.updated_at = account.timestamp(context.now());
  };

  const end = (account: Account, order: Order, status: OrderStatus): void => {
    move(account, order, status);
    account.alive.remove(order);
  };

  const recordAccount = (account: Account): void => {
    const { equity, buying_power } = valueAccount(account, market, context.finished());
    ledger.append('account', context.now(), {
      account_number: account.account_number,
      cash: toDecimalString(account.cash),
      equity: toDecimalString(equity),
      buying_power: toDecimalString(buying_power),
      positions: positionRows(account),
    });
  };

  const cancelOne = (account: Account, order: Order, streamed: boolean): void => {
    order.canceled_at = account.timestamp(context.now());
    end(account, order, 'canceled');
    if (streamed) announce(account, order, 'canceled');
  };

  /**
   * The exits begin to work once their entry is filled: a lone exit and the target as `new`, the
   * stop beside a target stays `held` and triggers all the same. They are for what of the entry no
   * other exit has taken or reserved meanwhile.
   */
  const activateLegs = (account: Account, entry: Order): void => {
    const held = account.positions.get(entry.symbol)?.qty ?? new Exact(0);
    const available = (entry.side === 'buy' ? held : held.negated()).minus(
      reservedForExits(account, entry.symbol).qty,
    );
    for (const leg of legsOf(account, entry)) {
      if (!isAlive(leg)) continue;
      if (available.lte(0)) {
        cancelOne(account, leg, true);
        continue;
      }
      if (leg.qty.gt(available)) leg.qty = available;
      leg.works_from = context.now();
      if (leg.role === 'stop_loss' && leg.sibling_id !== null) continue;
      move(account, leg, 'new');
      announce(account, leg, 'new');
    }
  };

  const siblingOf = (account: Account, order: Order): Order | null => {
    const sibling = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
    return sibling && isAlive(sibling) ? sibling : null;
  };

  const recordFill = (
    account: Account,
    order: Order,
    qty: Decimal,
    price: Decimal,
    positionBefore: Decimal,
    executionId: string,
    executedAt: Nanoseconds,
  ): void => {
    const at = DateTime.fromMillis(context.now(), { zone: NEW_YORK });
    const complete = order.status === 'filled';
    const short = order.side === 'sell' && positionBefore.lte(0);
    account.activities.push({
      id: `${at.toFormat('yyyyMMddHHmmssSSS')}::${executionId}`,
      activity_type: 'FILL',
      created_at: null,
      transaction_time: nanosecondText(executedAt),
      type: complete ? 'fill' : 'partial_fill',
      price: toDecimalString(price),
      qty: toDecimalString(qty),
      side: short ? 'sell_short' : order.side,
      symbol: order.symbol,
      leaves_qty: toDecimalString(remainingQty(order)),
      cum_qty: toDecimalString(order.filled_qty),
      order_id: order.id,
      order_status: order.status,
    });
    ledger.append('fill', context.now(), {
      account_number: account.account_number,
      order_id: order.id,
      client_order_id: order.client_order_id,
      execution_id: executionId,
      symbol: order.symbol,
      side: order.side,
      qty: toDecimalString(qty),
      price: toDecimalString(price),
      minute: context.finished() - 1,
    });
  };

  const fill: OrderEffects['fill'] = (account, order, qty, price) => {
    const before = account.positions.get(order.symbol)?.qty ?? qty.minus(qty);
    const position = bookExecution(account, order.symbol, order.side, qty, price);
    order.filled_qty = order.filled_qty.plus(qty);
    order.filled_value = order.filled_value.plus(qty.times(price));
    if (order.notional !== null)
      order.qty = order.filled_qty.plus(wantedQty(account, order, price));
    order.fills += 1;
    account.alive.changed(order);
    const executedAt = account.timestamp(context.now());
    order.updated_at = executedAt;
    const complete = remainingQty(order).isZero();
    if (complete) {
      order.filled_at = executedAt;
      end(account, order, 'filled');
    } else if (order.status !== 'pending_cancel' && order.status !== 'pending_replace') {
      move(account, order, 'partially_filled');
    }
    if (order.replacement) order.replacement.qty = Exact.max(0, order.replacement.qty.minus(qty));
    const minute = context.finished() - 1;
    account.taken.set(order.symbol, {
      minute,
      qty: takenOf(account, order.symbol, minute).plus(qty),
    });
    const sibling = siblingOf(account, order);
    const executionId = stableId('execution', order.id, 'fill', order.fills);
    recordFill(account, order, qty, price, before, executionId, executedAt);
    if (sibling && !complete) sibling.qty = remainingQty(order);
    announce(account, order, complete ? 'fill' : 'partial_fill', {
      timestamp: nanosecondText(executedAt),
      execution_id: executionId,
      price: toDecimalString(price),
      qty: toDecimalString(qty),
      position_qty: toDecimalString(position),
    });
    if (complete && order.cancels_at !== null) announce(account, order, 'order_cancel_rejected');
    if (complete && sibling) cancelOne(account, sibling, options.stream_oco_cancels);
    if (complete && order.role === 'entry' && order.order_class !== 'oco')
      activateLegs(account, order);
    recordAccount(account);
  };

  const endReplaced: OrderEffects['endReplaced'] = (account, order, by) => {
    order.replaced_by = by.id;
    order.replaced_at = account.timestamp(context.now());
    end(account, order, 'replaced');
    announce(account, order, 'replaced');
  };

  /**
   * A touched stop takes its target's place at the exchange: the target shows as replaced by it.
   */
  const trigger: OrderEffects['trigger'] = (account, order) => {
    order.triggered = true;
    order.updated_at = account.timestamp(context.now());
    const sibling = siblingOf(account, order);
    if (sibling) {
      order.qty = remainingQty(sibling);
      endReplaced(account, sibling, order);
    }
    if (order.status === 'held') {
      move(account, order, 'new');
      announce(account, order, 'new');
    }
  };

  /** Ends the exits that wait for an entry that will not fill, and the other exit of a pair. */
  const endRelatives = (account: Account, order: Order): void => {
    const sibling = siblingOf(account, order);
    if (sibling) cancelOne(account, sibling, true);
    for (const leg of legsOf(account, order))
      if (isAlive(leg) && leg.id !== sibling?.id) cancelOne(account, leg, true);
  };

  const cancel = (account: Account, order: Order): void => {
    if (isOpen(order) && mayBecome(order.status, 'pending_cancel')) {
      move(account, order, 'pending_cancel');
      announce(account, order, 'pending_cancel');
    }
    cancelOne(account, order, true);
    endRelatives(account, order);
    recordAccount(account);
  };

  return {
    legsOf,
    announce,
    fill,
    trigger,
    recordAccount,
    endReplaced,
    cancel,
    requestCancel: (account, order) => {
      const latency = options.latency_ms ?? 0;
      if (latency === 0 || !isOpen(order)) return cancel(account, order);
      order.cancels_at = context.now() + latency;
      move(account, order, 'pending_cancel');
      announce(account, order, 'pending_cancel');
    },
    expire: (account, order) => {
      const sibling = siblingOf(account, order);
      for (const expired of sibling ? [order, sibling] : [order]) {
        expired.expired_at = account.timestamp(context.now());
        end(account, expired, 'expired');
        announce(account, expired, 'expired');
      }
      endRelatives(account, order);
    },
    openForTrading: (account, order) => {
      move(account, order, 'new');
      announce(account, order, 'new');
    },
    reject: (account, order) => {
      order.failed_at = account.timestamp(context.now());
      end(account, order, 'rejected');
      announce(account, order, 'rejected');
      endRelatives(account, order);
      recordAccount(account);
    },
    changeStatus: (account, order, status, event) => {
      move(account, order, status);
      announce(account, order, event);
    },
  };
};
