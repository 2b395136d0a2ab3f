import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { DayBar } from '../day/day.ts';
import type { Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import {
  availableShares,
  DEFAULT_IMPACT_RATIO,
  DEFAULT_LIMIT_QUEUE,
  fillAtOnce,
  fillInMinute,
  isOutOfReach,
  type MinuteOfTrading,
  type WorkingOrder,
} from './fill-model/fill-model.ts';
import { bestPriceSeen, trailingStopPrice } from './fill-model/trailing-stop.ts';
import type { OrderEffects } from './order-effects.ts';
import { isAlive, isDecidedAtOnce, isOpen, mayFill, remainingQty, type Order } from './order.ts';
import { wantedQty } from './wanted-qty.ts';

const followMarket = (order: Order, bar: DayBar): void => {
  if (order.type !== 'trailing_stop' || order.triggered || !order.hwm) return;
  order.hwm = bestPriceSeen(order.side, order.hwm, bar);
  order.stop_price = trailingStopPrice(order, order.hwm);
};

/**
 * Lets every working order of an account meet the bar of one finished minute, in order of arrival;
 * of a pair of exits the stop comes first.
 */
export const matchMinute = (
  context: ExchangeContext,
  effects: OrderEffects,
  account: Account,
  minute: number,
): void => {
  const { market, options } = context;
  const { time } = market;
  const startsAt = time.startOf(minute);
  const left = new Map<string, Decimal>();

  const works = (order: Order): boolean => {
    if (order.works_from === null || order.works_from > startsAt || !mayFill(order)) return false;
    if (order.time_in_force === 'cls') return minute === time.close_minute - 1;
    return time.inRegularSession(minute) || (order.extended_hours && time.inExtendedHours(minute));
  };

  const meet = (order: Order, bar: DayBar): void => {
    const isAtOnce = isDecidedAtOnce(order.time_in_force);
    if (!isAtOnce && isOutOfReach(order, bar)) return;
    const available = left.get(order.symbol) ?? availableShares(bar.volume, options.volume_share);
    const { type, side, limit_price, stop_price } = order;
    const working: WorkingOrder = {
      type,
      side,
      remaining: order.notional === null ? remainingQty(order) : available,
      limit_price,
      stop_price,
      triggered: order.triggered,
    };
    const traded: MinuteOfTrading = {
      symbol: order.symbol,
      bar,
      available,
      wide_spread: market.happening(order.symbol, 'wide_spread', minute),
      seed: market.day.seed,
      impact_ratio: options.impact_ratio ?? DEFAULT_IMPACT_RATIO,
      touch_fills: (options.limit_queue ?? DEFAULT_LIMIT_QUEUE) === 'none',
    };
    const { triggered, fill } = isAtOnce
      ? { triggered: false, fill: fillAtOnce(order.time_in_force, working, traded) }
      : fillInMinute(working, traded);
    if (triggered && !order.triggered) effects.trigger(account, order);
    // A trigger can shrink a stop to what its partly filled target left over.
    const qty = fill && Exact.min(fill.qty, wantedQty(account, order, fill.price));
    if (fill && qty && qty.gt(0)) {
      left.set(order.symbol, available.minus(qty));
      effects.fill(account, order, qty, fill.price);
    }
    followMarket(order, bar);
    if (order.type === 'trailing_stop') account.alive.changed(order);
    if (isAtOnce && isAlive(order)) effects.cancel(account, order);
  };

  const met = new Set<string>();
  const meetOnce = (order: Order, bar: DayBar): void => {
    if (met.has(order.id) || !works(order)) return;
    met.add(order.id);
    meet(order, bar);
  };
  for (const order of [...account.alive.values()]) {
    if (!isOpen(order)) continue;
    const bar = market.barAt(order.symbol, minute);
    if (!bar || market.happening(order.symbol, 'halt', minute)) continue;
    // Whatever state its target is in, a stop works; one that has triggered is itself open and must
    // not meet the bar again.
    const stop = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
    if (stop && stop.role === 'stop_loss' && isAlive(stop)) meetOnce(stop, bar);
    if (isOpen(order)) meetOnce(order, bar);
  }
};
