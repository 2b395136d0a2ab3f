import { Exact, toCents, type DecimalString } from './money.ts';
import type { Side } from './order.ts';

export interface Execution {
  side: Side;
  qty: DecimalString;
  price: DecimalString;
  filled_at: string;
  execution_id: string;
}

/** What executions in one symbol amount to: quantity and cost are negative for a short. */
export interface Holding {
  qty: Exact;
  cost: Exact;
  realized: Exact;
}

/** Executions in the order in which they happened; of one instant, by their names. */
export const bySequence = (left: Execution, right: Execution): number => {
  if (left.filled_at !== right.filled_at) return left.filled_at < right.filled_at ? -1 : 1;
  return left.execution_id < right.execution_id ? -1 : 1;
};

/**
 * Walks executions of one symbol from flat in the order in which they happened, whatever the order
 * in which they arrived. Cost leaves with the shares: what was realised does not change by what is
 * bought later.
 */
export const holdingAfter = (executions: readonly Execution[]): Holding => {
  let qty = new Exact(0);
  let cost = new Exact(0);
  let realized = new Exact(0);
  for (const { side, qty: shares, price } of [...executions].sort(bySequence)) {
    const signed = side === 'buy' ? new Exact(shares) : new Exact(shares).negated();
    if (qty.isZero() || qty.isNegative() === signed.isNegative()) {
      qty = qty.plus(signed);
      cost = cost.plus(signed.times(price));
      continue;
    }
    const closesAll = signed.abs().gte(qty.abs());
    const closes = closesAll ? qty.negated() : signed;
    const leaves = closesAll ? cost : cost.times(closes.abs()).div(qty.abs());
    // selling 10 bought for 100 at 11 each: 110 - 100; mirrored for a short, whose cost is negative
    realized = realized.plus(closes.negated().times(price).minus(leaves));
    cost = cost.minus(leaves).plus(signed.minus(closes).times(price));
    qty = qty.plus(signed);
  }
  return { qty, cost, realized };
};

/**
 * Realised profit in dollars to the cent, each symbol from flat. The broker's own view of the day,
 * independent of how the desk groups executions into positions.
 */
export const realizedProfit = (
  executions: readonly (Execution & { symbol: string })[],
): DecimalString =>
  toCents(
    [...Map.groupBy(executions, ({ symbol }) => symbol).values()].reduce(
      (sum, ofSymbol) => sum.plus(holdingAfter(ofSymbol).realized),
      new Exact(0),
    ),
  );
