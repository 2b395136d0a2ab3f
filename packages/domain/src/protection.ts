import { add, compare, type DecimalString } from './money.ts';
import type { OrderRole } from './order.ts';
import { isEnded, isWorking, type DeskStatus } from './order-machine.ts';

/** An exit order of a position, as far as protection is concerned. */
export interface ExitOrder {
  client_order_id: string;
  parent_client_order_id: string | null;
  role: OrderRole;
  status: DeskStatus;
  qty: DecimalString;
  filled_qty: DecimalString;
}

/**
 * The pair to which an exit belongs: legs of a bracket share their parent; an OCO's target is the
 * parent of its stop.
 */
const pairOf = (order: ExitOrder): string => order.parent_client_order_id ?? order.client_order_id;

/**
 * A stop is live when it works, or is `held` beside a target that works: the broker triggers it all
 * the same. Before its entry is filled completely a bracket's target is held too, and the stop
 * sleeps.
 */
export const liveStops = <O extends ExitOrder>(orders: readonly O[]): O[] =>
  orders.filter((order) => {
    if (order.role !== 'stop') return false;
    if (isWorking(order.status)) return true;
    return (
      order.status === 'held' &&
      orders.some(
        (other) =>
          other.role === 'target' && pairOf(other) === pairOf(order) && isWorking(other.status),
      )
    );
  });

/** True when live stops cover every share that is held. */
export const isProtected = (qty: DecimalString, orders: readonly ExitOrder[]): boolean => {
  if (compare(qty, 0) === 0) return false;
  const covered = liveStops(orders).reduce(
    (sum, { qty: ordered, filled_qty }) => add(sum, ordered, `-${filled_qty}`),
    '0',
  );
  return compare(covered, qty) >= 0;
};

/** True when the broker has an exit of the whole position that is not ended. */
export const isOnItsWayOut = (orders: readonly Pick<ExitOrder, 'role' | 'status'>[]): boolean =>
  orders.some(({ role, status }) => role === 'exit' && !isEnded(status) && status !== 'intended');

/** Exits that hold shares at the broker or may come to. */
export const aliveExits = <O extends ExitOrder>(orders: readonly O[]): O[] =>
  orders.filter(
    ({ role, status }) => role !== 'entry' && !isEnded(status) && status !== 'intended',
  );
