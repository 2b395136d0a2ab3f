import type { OrderRequest } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { addOrderEvent, readOrder, updateOrder, type OrderRow } from '../store/orders.ts';
import type { Desk } from './desk.ts';
import { createRebook } from './rebook-position.ts';
import type { RecordNews } from './record-news.ts';

/**
 * Sends an order whose intent is committed. Sending twice is harmless: the broker knows the id, and an ambiguous answer was looked up by it.
 * @throws AppError OUTCOME_UNKNOWN while the broker may or may not have it; the order stays `intended` and is taken up again
 */
export const createSendOrder = (desk: Desk, recordNews: RecordNews) => {
  const { broker, database, clock, log } = desk;
  const rebook = createRebook(desk);

  const refuse = async (row: OrderRow, status: 'refused' | 'canceled', reason: string): Promise<void> =>
    database.transaction(async (tx) => {
      await updateOrder(tx, { ...row, status, reason, updated_at: clock.now() });
      await addOrderEvent(tx, { client_order_id: row.client_order_id, event: status, status, source: 'desk', details: { reason }, occurred_at: clock.now() });
      if (row.position_id !== null) await rebook(tx, row.position_id);
    });

  const send = async (row: OrderRow): Promise<OrderRow> => {
    const outcome = await broker.orders.submitOrder(row.request as OrderRequest);
    const { symbol, side, qty, role, client_order_id } = row;
    if (outcome.outcome === 'unknown') {
      log.warn('order_outcome_unknown', { symbol, client_order_id, error: outcome.cause });
      throw new AppError('OUTCOME_UNKNOWN', `the broker may or may not have the ${role} order of ${symbol}; it is looked up again by its id`, { client_order_id, symbol }, outcome.cause);
    }
    if (outcome.outcome === 'refused') {
      log.warn('order_refused', { symbol, side, qty, role, client_order_id, code: outcome.code, reason: outcome.message });
      await refuse(row, 'refused', `${outcome.code}: ${outcome.message}`);
    } else {
      log.info('order_submitted', { symbol, side, qty, role, client_order_id });
      await database.transaction((tx) => recordNews(tx, { orders: [outcome.order], executions: [], source: 'rest', event: 'submitted' }));
    }
    return (await readOrder(database, client_order_id))!;
  };
  /** Looks an intended order up before anything is decided about it: an earlier try may have reached the broker. True when it had. */
  const isAtBroker = async (row: OrderRow): Promise<boolean> => {
    const order = await broker.orders.getOrderByClientId(row.client_order_id);
    if (order) await database.transaction((tx) => recordNews(tx, { orders: [order], executions: [], source: 'rest', event: 'found' }));
    return order !== null;
  };
  return { send, refuse, isAtBroker };
};
export type SendOrder = ReturnType<typeof createSendOrder>;
