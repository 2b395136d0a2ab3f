import type { RefusalKind } from '@catalyst/brokerage';
import type { OrderRequest } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { BookTransaction } from '../book.ts';
import type { OrderEvent, OrderRow } from '../book-rows.ts';
import { dayOrderInstead } from '../domain/day-order.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

/**
 * The order as it is now, and why the broker refused it; of two, one in the place of the other, the
 * second.
 */
export interface Sent {
  order: OrderRow;
  refusal: RefusalKind | null;
}

/**
 * Sends an order whose intent is committed. Sending twice is harmless: the broker knows the id, and
 * an ambiguous answer was looked up by it.
 * @throws AppError OUTCOME_UNKNOWN while the broker may or may not have it; the order stays `intended` and is taken up again
 */
export const createSendOrder = (deps: LifeDeps, recordOrderUpdates: RecordOrderUpdates) => {
  const { broker, book, clock, log } = deps;
  const rebook = createRebook(deps);

  const intendInstead = async (
    tx: BookTransaction,
    instead: OrderRow,
    refused: OrderRow,
  ): Promise<void> => {
    const at = clock.now();
    const { client_order_id, symbol, role, side, qty, time_in_force } = instead;
    const details = {
      client_order_id,
      instead_of: refused.client_order_id,
      cause: 'the broker takes only orders for the day',
    };
    const event: OrderEvent = { event: `${role}_intended`, source: 'desk', details };
    if (client_order_id === refused.client_order_id)
      await tx.changeOrder({ ...instead, updated_at: at }, event);
    else await tx.addOrder({ ...instead, created_at: at, updated_at: at }, event);
    tx.audit({
      actor: 'trading',
      action: 'day_order_intended',
      subject: symbol,
      details: { ...details, role, side, qty, time_in_force },
    });
  };

  /**
   * Ends an order that the broker does not have; what takes its place is intended in the same
   * transaction, so that neither is lost and never both are open. False where the broker turned out
   * to have it.
   */
  const refuse = async (
    row: OrderRow,
    status: 'refused' | 'canceled',
    reason: string,
    instead: OrderRow | null = null,
  ): Promise<boolean> =>
    book.transaction(async (tx) => {
      // the broker's word that it has the order may have come meanwhile
      const known = await tx.readOrder(row.client_order_id);
      if (known?.status !== 'intended') return false;
      await tx.changeOrder(
        { ...known, status, reason, updated_at: clock.now() },
        { event: status, source: 'desk', details: { reason } },
      );
      if (instead) await intendInstead(tx, { ...instead, status: 'intended', reason: null }, row);
      if (row.position_id !== null) await rebook(tx, row.position_id);
      return true;
    });

  const send = async (row: OrderRow): Promise<Sent> => {
    const outcome = await broker.orders.submitOrder(row.request as OrderRequest);
    const { symbol, side, qty, role, client_order_id } = row;
    if (outcome.outcome === 'unknown') {
      log.warn('order_outcome_unknown', { symbol, client_order_id, error: outcome.cause });
      throw new AppError(
        'OUTCOME_UNKNOWN',
        `the broker may or may not have the ${role} order of ${symbol}; it is looked up again by its id`,
        { client_order_id, symbol },
        outcome.cause,
      );
    }
    if (outcome.outcome === 'refused') {
      log.warn('order_refused', {
        symbol,
        side,
        qty,
        role,
        client_order_id,
        code: outcome.code,
        reason: outcome.message,
      });
      const instead = outcome.why === 'day_orders_only' ? dayOrderInstead(row) : null;
      const isRefused = await refuse(
        row,
        'refused',
        `${outcome.code}: ${outcome.message}`,
        instead,
      );
      if (instead && isRefused) return send(instead);
      const order = (await book.readOrder(client_order_id))!;
      return { order, refusal: isRefused ? outcome.why : null };
    }
    log.info('order_submitted', { symbol, side, qty, role, client_order_id });
    await book.transaction((tx) =>
      recordOrderUpdates(tx, {
        orders: [outcome.order],
        executions: [],
        source: 'rest',
        event: 'submitted',
      }),
    );
    return { order: (await book.readOrder(client_order_id))!, refusal: null };
  };
  /**
   * Looks an intended order up before anything is decided about it: an earlier try may have reached
   * the broker. True when it had.
   */
  const isAtBroker = async (row: OrderRow): Promise<boolean> => {
    const order = await broker.orders.getOrderByClientId(row.client_order_id);
    if (order)
      await book.transaction((tx) =>
        recordOrderUpdates(tx, { orders: [order], executions: [], source: 'rest', event: 'found' }),
      );
    return order !== null;
  };
  return { send, refuse, isAtBroker };
};
export type SendOrder = ReturnType<typeof createSendOrder>;
