import { Exact, ceilToTick, floorToTick } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import type { DayBar } from '../day/day.ts';
import type { Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { availableShares, DEFAULT_IMPACT_RATIO, DEFAULT_LIMIT_QUEUE, fillInMinute, type FillDecision } from './fill-model.ts';
import type { OrderEffects } from './order-effects.ts';
import { isAlive, isDecidedAtOnce, isOpen, mayFill, remainingQty, wantedQty, type Order } from './order.ts';

/** The stop that follows the best price seen: `hwm` less the trail for a sell, plus the trail for a buy, on the tick away from the market. */
export const trailingStopPrice = (order: Pick<Order, 'side' | 'trail_price' | 'trail_percent'>, hwm: Decimal): Decimal => {
  const trail = order.trail_price ?? hwm.times(order.trail_percent ?? 0).div(100);
  return order.side === 'sell' ? new Exact(floorToTick(Decimal.max(hwm.minus(trail), '0.0001'))) : new Exact(ceilToTick(hwm.plus(trail)));
};

const followMarket = (order: Order, bar: DayBar): void => {
  if (order.type !== 'trailing_stop' || order.triggered || !order.hwm) return;
  order.hwm = order.side === 'sell' ? Decimal.max(order.hwm, bar.high) : Decimal.min(order.hwm, bar.low);
  order.stop_price = trailingStopPrice(order, order.hwm);
};

/** What an order that is decided at once gets: `opg` the open and `cls` the close without slippage, `ioc` and `fok` only what the open gives, `fok` all or nothing. */
const fillAtOnce = (order: Order, bar: DayBar, available: Decimal, fill: FillDecision['fill']): FillDecision['fill'] => {
  const price = new Exact(order.time_in_force === 'cls' ? bar.close : bar.open);
  if (order.limit_price && (order.side === 'buy' ? price.gt(order.limit_price) : price.lt(order.limit_price))) return null;
  if (order.time_in_force === 'opg' || order.time_in_force === 'cls') return { qty: Decimal.min(remainingQty(order), available), price };
  return order.time_in_force === 'fok' && fill?.qty.lt(remainingQty(order)) ? null : fill;
};

/** Whether a limit order's limit lies outside the prices of a bar. Prices have few enough digits that comparing them as numbers is exact. */
const isOutOfReach = ({ type, side, limit_price: limit }: Order, bar: DayBar): boolean =>
  type === 'limit' && limit !== null && (side === 'buy' ? bar.low > limit.toNumber() : bar.high < limit.toNumber());

/** Lets every working order of an account meet the bar of one finished minute, in order of arrival; of a pair of exits the stop comes first. */
export const matchMinute = (context: ExchangeContext, effects: OrderEffects, account: Account, minute: number): void => {
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
    if (isOutOfReach(order, bar) && !isDecidedAtOnce(order.time_in_force)) return;
    const available = left.get(order.symbol) ?? availableShares(bar.volume, options.volume_share);
    const decision = fillInMinute(
      { type: order.type, side: order.side, remaining: order.notional === null ? remainingQty(order) : available, limit_price: order.limit_price, stop_price: order.stop_price, triggered: order.triggered },
      {
        symbol: order.symbol, bar, available, wide_spread: market.happening(order.symbol, 'wide_spread', minute), seed: market.day.seed,
        impact_ratio: options.impact_ratio ?? DEFAULT_IMPACT_RATIO, touch_fills: (options.limit_queue ?? DEFAULT_LIMIT_QUEUE) === 'none',
      },
    );
    const { triggered } = decision;
    const fill = isDecidedAtOnce(order.time_in_force) ? fillAtOnce(order, bar, available, decision.fill) : decision.fill;
    if (triggered && !order.triggered) effects.trigger(account, order);
    // A trigger can shrink a stop to what its partly filled target left over.
    const qty = fill && Decimal.min(fill.qty, wantedQty(order, fill.price));
    if (fill && qty && qty.gt(0)) {
      left.set(order.symbol, available.minus(qty));
      effects.fill(account, order, qty, fill.price);
    }
    followMarket(order, bar);
    if (order.type === 'trailing_stop') account.alive.changed(order);
    if (isDecidedAtOnce(order.time_in_force) && isAlive(order)) effects.cancel(account, order);
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
    // Whatever state its target is in, a stop works; one that has triggered is itself open and must not meet the bar again.
    const stop = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
    if (stop && stop.role === 'stop_loss' && isAlive(stop)) meetOnce(stop, bar);
    if (isOpen(order)) meetOnce(order, bar);
  }
};
