import { orderReasons } from '@catalyst/contracts';
import { compare, stableId, type DecimalString, type Side } from '@catalyst/domain';
import { ASSUMED, type BookTransaction } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';

export type AssumeShares = ReturnType<typeof createAssumeShares>;

export const createAssumeShares = (deps: Pick<LifeDeps, 'clock' | 'log'>) => {
  const { clock, log } = deps;
  const rebook = createRebook(deps);
  /** One assumed order with its execution, so that the book holds what the broker holds. */
  return async (
    tx: BookTransaction,
    symbol: string,
    side: Side,
    qty: DecimalString,
    price: DecimalString,
    n: number,
  ): Promise<void> => {
    const at = clock.now();
    const held = await tx.readOpenPosition(symbol);
    const id = `${ASSUMED}${stableId('assumed', symbol, at, n)}`;
    const isExit =
      held !== undefined &&
      compare(held.qty, 0) > 0 &&
      (held.direction === 'long') === (side === 'sell');
    const position_id = held?.position_id ?? stableId('adopted_position', id);
    if (!held)
      await tx.addPosition({
        position_id,
        cycle_id: null,
        symbol,
        intent_id: null,
        direction: side === 'buy' ? 'long' : 'short',
        initial_stop_price: null,
        target_price: null,
        is_adopted: true,
        created_at: at,
      });
    const row: OrderRow = {
      client_order_id: id,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      part: 1,
      cycle_id: held?.cycle_id ?? null,
      position_id,
      symbol,
      side,
      role: isExit ? 'exit' : 'entry',
      type: 'market',
      order_class: 'simple',
      time_in_force: 'day',
      qty,
      filled_qty: qty,
      filled_avg_price: price,
      limit_price: null,
      stop_price: null,
      status: 'filled',
      reason: orderReasons.assumed,
      exit_reason: isExit ? 'external' : null,
      is_adopted: true,
      request: { assumed: true },
      created_at: at,
      updated_at: at,
    };
    if (!(await tx.addOrder(row, { event: 'assumed', source: 'rest' }))) return;
    await tx.addFill({ execution_id: id, client_order_id: id, qty, price, filled_at: at });
    tx.audit({
      actor: 'trading',
      action: 'shares_adopted',
      subject: symbol,
      details: { side, qty, price },
    });
    log.warn('shares_adopted', { symbol, side, qty, price });
    await rebook(tx, position_id);
  };
};
