import { compare } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { LifeDeps } from './life-deps.ts';
import type { Safety } from './protect-position.ts';

/**
 * Cancels the exits of what is held, so that others can take their place; the position as it is then.
 * @throws AppError POSITION_NOT_OPEN where an exit was faster and has changed what is held, which is protected again; OUTCOME_UNKNOWN
 */
export const createTakeExitsAway =
  (
    { book }: Pick<LifeDeps, 'book'>,
    { endOrders, fetchMissingFills }: CancelOrders,
    safety: Safety,
  ) =>
  async (
    { position_id, symbol, qty }: PositionRow,
    orders: readonly OrderRow[],
    { what_failed, ...details }: { cause: string; what_failed: string } & Record<string, unknown>,
  ): Promise<PositionRow> => {
    await endOrders(
      orders.filter(({ role, status }) => role !== 'entry' && status !== 'intended'),
      details,
    );
    await fetchMissingFills(position_id);
    const now = (await book.readPosition(position_id))!;
    if (compare(now.qty, qty) === 0) return now;
    await safety.protect(position_id);
    throw new AppError(
      'POSITION_NOT_OPEN',
      `${symbol} ${what_failed}: ${now.qty} of ${qty} shares were left when its exits were cancelled`,
    );
  };
