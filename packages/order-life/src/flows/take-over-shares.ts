import type { BrokerPosition, UnreadItem } from '@catalyst/brokerage';
import type { Reconciliation } from '@catalyst/contracts';
import {
  compare,
  stableId,
  subtract,
  symbol as symbolSchema,
  type DecimalString,
  type Side,
} from '@catalyst/domain';
import { ASSUMED, type BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { hides } from '../domain/unread.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';

export type Difference = Reconciliation['differences'][number];

/** Shares as the broker writes them: negative for a short position. */
export const signedQty = ({ direction, qty }: PositionRow): DecimalString =>
  direction === 'long' || qty === '0' ? qty : `-${qty}`;
const absolute = (qty: DecimalString): DecimalString => qty.replace(/^-/, '');

/** Takes over shares that the broker holds and its orders do not explain. */
export const createTakeOverShares = (deps: LifeDeps) => {
  const { clock, log } = deps;
  const rebook = createRebook(deps);

  /** One assumed order with its execution, so that the book holds what the broker holds. */
  const assume = async (
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
      reason: 'the broker holds other shares than its orders explain',
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
