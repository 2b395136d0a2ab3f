import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { DayBar } from '../day/day.ts';
import { seededNumber } from '../market/seeded-number.ts';
import { takenOf, type Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { availableShares, DEFAULT_IMPACT_RATIO, impactOf } from './fill-model/fill-model.ts';
import { priceOnArrival } from './fill-model/price-on-arrival.ts';
import { type BidAsk } from './fill-model/spread.ts';
import type { OrderEffects } from './order-effects.ts';
import { isAlive, mayFill, type Order } from './order.ts';
import { wantedQty } from './wanted-qty.ts';

/** Lets orders meet the quote that stands when they arrive. */
export interface Arrivals {
  /** Notes an order that has just been taken; it is filled with `meetAll`. */
  arrive(account: Account, order: Order): void;
  /** Fills what has arrived since the last call, in order of arrival. */
  meetAll(): void;
}

export const createArrivals = (context: ExchangeContext, effects: OrderEffects): Arrivals => {
  const { market, options } = context;
  const { time } = market;
  let waiting: { account: Account; order: Order }[] = [];

  const isTrading = (order: Order, minute: number): boolean =>
    (time.inRegularSession(minute) || (order.extended_hours && time.inExtendedHours(minute))) &&
    !market.happening(order.symbol, 'halt', minute);

  const priceFor = (
    order: Order,
    quote: BidAsk,
    bar: DayBar,
    shares: Decimal,
    minute: number,
  ): Decimal | null =>
    priceOnArrival({
      side: order.side,
      limit: order.limit_price,
      quote,
      slippage_share: seededNumber(market.day.seed, order.symbol, minute, order.side),
      impact: impactOf(shares, bar, options.impact_ratio ?? DEFAULT_IMPACT_RATIO),
      band: market.bindingBand(order.symbol, minute),
    });

  const meet = (account: Account, order: Order): void => {
    const minute = context.finished();
    if (!mayFill(order) || !isTrading(order, minute)) return;
    const bar = market.barAt(order.symbol, minute - 1);
    const available = Exact.max(
      0,
      availableShares(bar?.volume ?? 0, options.volume_share).minus(
        takenOf(account, order.symbol, minute - 1),
      ),
    );
    const quote = market.quote(order.symbol, minute);
    const price =
      bar &&
      quote &&
      priceFor(
        order,
        quote,
        bar,
        Exact.min(
          available,
          wantedQty(account, order, order.side === 'buy' ? quote.ask : quote.bid),
        ),
        minute,
      );
    const wanted = price && wantedQty(account, order, price);
    const qty = wanted && Exact.min(wanted, available);
    const isEnough = qty && qty.gt(0) && (order.time_in_force !== 'fok' || qty.eq(wanted));
    if (isEnough) effects.fill(account, order, qty, price);
    if ((order.time_in_force === 'ioc' || order.time_in_force === 'fok') && isAlive(order))
      effects.cancel(account, order);
  };

  return {
    arrive: (account, order) => {
      const isForQuote =
        (order.type === 'market' || order.type === 'limit') &&
        order.time_in_force !== 'opg' &&
        order.time_in_force !== 'cls';
      if (isForQuote) waiting.push({ account, order });
    },
    meetAll: () => {
      const arrived = waiting;
      waiting = [];
      for (const { account, order } of arrived) meet(account, order);
    },
  };
};
