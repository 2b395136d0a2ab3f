import {
  bookPosition,
  compare,
  type DecimalString,
  Exact,
  isEnded,
  isProtected,
  positionStatus,
  toCents,
} from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { PositionRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';

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

const FIELDS = [
  'status',
  'qty',
  'entered_qty',
  'entry_notional',
  'exit_notional',
  'exit_reason',
  'is_protected',
  'exited_at',
] as const;

/**
 * Works a position out anew from its executions and orders, and tells of it when something changed.
 */
export const createRebook =
  ({ clock }: LifeDeps) =>
  async (tx: BookTransaction, positionId: string): Promise<PositionRow> => {
    const before = (await tx.readPosition(positionId))!;
    const orders = await tx.listOrdersOf(positionId);
    const book = bookPosition(before.direction, await tx.listFillsOf(positionId));
    const status = positionStatus(
      before.status,
      book,
      orders.some(({ role, status: at }) => role === 'entry' && !isEnded(at)),
    );
    const after: PositionRow = {
      ...before,
      ...book,
      status,
      // while closing, the reason is the one that was asked for
      exit_reason: book.exit_reason ?? (status === 'closing' ? before.exit_reason : null),
      is_protected: isProtected(book.qty, orders),
      updated_at: clock.now(),
    };
    after.unrealized_pnl_usd = unrealizedProfit(after);
    if (FIELDS.every((field) => before[field] === after[field])) return before;
    await tx.changePosition(after);
    const { cycle_id, symbol, qty, unrealized_pnl_usd, realized_pnl_usd } = after;
    tx.announce('catalyst:position_update', {
      cycle_id,
      position_id: positionId,
      symbol,
      status,
      qty,
      unrealized_pnl_usd,
      realized_pnl_usd,
    });
    return after;
  };
