import type { BrokerPosition, UnreadItem } from '@catalyst/brokerage';
import type { Reconciliation } from '@catalyst/contracts';
import { compare, subtract, symbol as symbolSchema, type DecimalString } from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { PositionRow } from '../book-rows.ts';
import { hides } from '../domain/unread.ts';
import { createAssumeShares } from './assume-shares.ts';
import type { LifeDeps } from './life-deps.ts';

export type Difference = Reconciliation['differences'][number];

/** Shares as the broker writes them: negative for a short position. */
export const signedQty = ({ direction, qty }: PositionRow): DecimalString =>
  direction === 'long' || qty === '0' ? qty : `-${qty}`;
const absolute = (qty: DecimalString): DecimalString => qty.replace(/^-/, '');

/** Takes over shares that the broker holds and its orders do not explain. */
export const createTakeOverShares = (deps: LifeDeps) => {
  const assume = createAssumeShares(deps);

  /**
   * What the book and the broker hold, made the same; each symbol that was not is a difference. Of
   * what could not be read nothing is concluded.
   */
  return async (
    tx: BookTransaction,
    held: readonly BrokerPosition[],
    unread: readonly UnreadItem[],
  ): Promise<Difference[]> => {
    const differences: Difference[] = [];
    const ours = new Map(
      (await tx.listOpenPositions()).map((position) => [position.symbol, position]),
    );
    const theirs = new Map(
      held
        .filter(({ symbol }) => symbolSchema.safeParse(symbol).success)
        .map((position) => [position.symbol, position]),
    );
    for (const symbol of [...new Set([...ours.keys(), ...theirs.keys()])].sort()) {
      const position = ours.get(symbol);
      const desk_qty = position ? signedQty(position) : '0';
      const at_broker = theirs.get(symbol);
      if (!at_broker && hides(unread, symbol)) continue;
      const broker_qty = at_broker?.qty ?? '0';
      if (compare(desk_qty, broker_qty) === 0) continue;
      differences.push({
        kind: 'position',
        symbol,
        desk: desk_qty,
        broker: broker_qty,
        action: 'took over what the broker holds',
      });
      const price = at_broker?.avg_entry_price ?? position?.last_price ?? position?.entry_price;
      if (!price) continue;
      const flips =
        desk_qty.startsWith('-') !== broker_qty.startsWith('-') &&
        compare(desk_qty, 0) !== 0 &&
        compare(broker_qty, 0) !== 0;
      const steps = flips
        ? [subtract('0', desk_qty), broker_qty]
        : [subtract(broker_qty, desk_qty)];
      for (const [n, step] of steps.entries())
        await assume(tx, symbol, step.startsWith('-') ? 'sell' : 'buy', absolute(step), price, n);
    }
    return differences;
  };
};
