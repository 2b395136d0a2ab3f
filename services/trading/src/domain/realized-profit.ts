import { compare, Exact, toCents, type DecimalString, type Side } from '@catalyst/domain';

export interface Execution {
  symbol: string;
  side: Side;
  qty: DecimalString;
  price: DecimalString;
}

/**
 * Realised profit in dollars to the cent of executions in the order in which they happened, each
 * symbol by average cost, from flat. The broker's own view of the day, independent of how the desk
 * groups executions into positions.
 */
export const realizedProfit = (executions: readonly Execution[]): DecimalString => {
  const books = new Map<string, { qty: Exact; cost: Exact }>();
  let realized = new Exact(0);
  for (const { symbol, side, qty, price } of executions) {
    const book = books.get(symbol) ?? { qty: new Exact(0), cost: new Exact(0) };
    const signed = side === 'buy' ? new Exact(qty) : new Exact(qty).negated();
    const opens = book.qty.isZero() || book.qty.isNegative() === signed.isNegative();
    if (opens) {
      books.set(symbol, { qty: book.qty.plus(signed), cost: book.cost.plus(signed.times(price)) });
      continue;
    }
    const closes = compare(signed.abs(), book.qty.abs()) > 0 ? book.qty.negated() : signed;
    const cost = book.cost.times(closes.abs()).div(book.qty.abs());
    // selling 10 bought for 100 at 11 each: 110 - 100; mirrored for a short, whose cost is negative
    realized = realized.plus(closes.negated().times(price).minus(cost));
    const rest = signed.minus(closes);
    books.set(symbol, {
      qty: book.qty.plus(signed),
      cost: book.cost.minus(cost).plus(rest.times(price)),
    });
  }
  return toCents(realized);
};
