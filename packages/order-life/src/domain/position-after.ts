import {
  bookPosition,
  compare,
  Exact,
  hasLiveEntry,
  isProtected,
  positionStatus,
  toCents,
  type DecimalString,
} from '@catalyst/domain';
import type { OrderRow, PositionFill, PositionRow } from '../book-rows.ts';

/**
 * Dollars to the cent that the open shares would make at their last price; 0 where nothing is held
 * or no price is known.
 */
export const unrealizedProfit = ({
  direction,
  qty,
  entry_price,
  last_price,
}: Pick<PositionRow, 'direction' | 'qty' | 'entry_price' | 'last_price'>): DecimalString => {
  if (entry_price === null || last_price === null || compare(qty, 0) === 0) return '0';
  const perShare =
    direction === 'long'
      ? new Exact(last_price).minus(entry_price)
      : new Exact(entry_price).minus(last_price);
  return toCents(perShare.times(qty));
};

/**
 * What a position is by its orders, its executions and what was asked of it, in whatever order they
 * came; nothing else of the row decides it.
 */
export const positionAfter = (
  row: PositionRow,
  orders: readonly OrderRow[],
  fills: readonly PositionFill[],
): PositionRow => {
  const book = bookPosition(row.direction, fills);
  const status = positionStatus({
    qty: book.qty,
    has_live_entry: hasLiveEntry(orders),
    exit_asked: row.exit_asked,
  });
  const after: PositionRow = {
    ...row,
    ...book,
    status,
    exit_reason: book.exit_reason ?? (status === 'closing' ? row.exit_asked : null),
    is_protected: isProtected(book.qty, orders),
  };
  return { ...after, unrealized_pnl_usd: unrealizedProfit(after) };
};
