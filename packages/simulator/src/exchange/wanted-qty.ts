import { Exact } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import { reservedForExits, type Account } from './account.ts';
import { remainingQty, type Order } from './order.ts';

/**
 * Shares that an order can close: what is held against its side, less what other exits have
 * reserved of it.
 */
const closableQty = (account: Account, order: Order): Decimal => {
  const held = account.positions.get(order.symbol)?.qty ?? new Exact(0);
  return Exact.max(
    0,
    (order.side === 'sell' ? held : held.negated()).minus(
      reservedForExits(account, order.symbol, order).qty,
    ),
  );
};

/**
 * Shares that the order still wants at `price`: of a notional order those that its remaining
 * dollars buy, to nine decimals and never more. One that closes wants no more than there is to
 * close, since at another price than expected its dollars would turn the position round.
 */
export const wantedQty = (account: Account, order: Order, price: Decimal): Decimal => {
  if (order.notional === null) return remainingQty(order);
  const bought = order.notional
    .minus(order.filled_value)
    .div(price)
    .toDecimalPlaces(9, Decimal.ROUND_DOWN);
  return order.position_intent.endsWith('_to_close')
    ? Exact.min(bought, closableQty(account, order))
    : bought;
};
