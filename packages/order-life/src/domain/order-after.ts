import type { BrokerLeg, BrokerOrder } from '@catalyst/brokerage';
import { compare, isLate, statusAfter, type Instant, type ToldBy } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

/** An order after an update of it: a late one changes nothing but, at most, the status. */
export const orderAfter = (
  row: OrderRow,
  update: BrokerOrder | BrokerLeg,
  by: ToldBy,
  at: Instant,
): OrderRow => {
  const isOver = isLate(row, update, by);
  // an order of dollars is as large as what it has filled
  const told = update.qty ?? update.filled_qty;
  const isSize = compare(told, update.filled_qty) >= 0 && compare(told, 0) > 0;
  return {
    ...row,
    broker_order_id: update.id,
    status: statusAfter(row, update, by),
    ...(!isOver && {
      qty: isSize ? told : row.qty,
      filled_qty: update.filled_qty,
      filled_avg_price: update.filled_avg_price,
      limit_price: update.limit_price,
      stop_price: update.stop_price,
    }),
    reason: row.status === 'refused' ? null : row.reason,
    updated_at: at,
  };
};
