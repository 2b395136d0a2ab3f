import { ceilToTick, Exact, floorToTick, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { DayBar } from '../../day/day.ts';

/**
 * The best price that a trailing stop has seen, once a bar is over: the highest for a sell, the
 * lowest for a buy.
 */
export const bestPriceSeen = (side: Side, before: Decimal, bar: DayBar): Decimal =>
  side === 'sell' ? Exact.max(before, bar.high) : Exact.min(before, bar.low);

/**
 * The stop that follows the best price seen: `hwm` less the trail for a sell, plus the trail for a
 * buy, on the tick away from the market.
 */
export const trailingStopPrice = (
  {
    side,
    trail_price,
    trail_percent,
  }: { side: Side; trail_price: Decimal | null; trail_percent: Decimal | null },
  hwm: Decimal,
): Decimal => {
  const trail = trail_price ?? hwm.times(trail_percent ?? 0).div(100);
  return side === 'sell'
    ? new Exact(floorToTick(Exact.max(hwm.minus(trail), '0.0001')))
    : new Exact(ceilToTick(hwm.plus(trail)));
};
