import type { BookTransaction } from '../book.ts';
import type { PositionRow } from '../book-rows.ts';
import { positionAfter } from '../domain/position-after.ts';
import type { LifeDeps } from './life-deps.ts';

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
  ({ clock }: Pick<LifeDeps, 'clock'>) =>
  async (tx: BookTransaction, positionId: string): Promise<PositionRow> => {
    const before = (await tx.readPosition(positionId))!;
    const orders = await tx.listOrdersOf(positionId);
    const fills = await tx.listFillsOf(positionId);
    const after = { ...positionAfter(before, orders, fills), updated_at: clock.now() };
    if (FIELDS.every((field) => before[field] === after[field])) return before;
    await tx.changePosition(after);
    const { cycle_id, symbol, status, qty, unrealized_pnl_usd, realized_pnl_usd } = after;
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
