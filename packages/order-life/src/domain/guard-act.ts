import {
  aliveExits,
  compare,
  type DecimalString,
  type Direction,
  type DeskStatus,
  exitSide,
  type ExitOrder,
  type Instant,
  isEnded,
  isOnItsWayOut,
  isProtected,
  later,
  type MarketHours,
  type OrderRole,
  type Side,
  type ToldOrderType,
} from '@catalyst/domain';

/** An order as the broker lists it, the legs of others beside them. */
export interface GuardedOrder extends ExitOrder {
  id: string;
  side: Side;
  type: ToldOrderType;
}

interface ListedLeg {
  id: string;
  client_order_id: string;
  side: Side;
  type: ToldOrderType;
  status: DeskStatus;
  qty: DecimalString | null;
  filled_qty: DecimalString;
}

/** What an order is for, by what it would do to the shares that are held. */
const roleOf = (direction: Direction, { side, type }: ListedLeg): OrderRole => {
  if (side !== exitSide(direction)) return 'entry';
  if (type === 'limit') return 'target';
  return type === 'stop' || type === 'stop_limit' || type === 'trailing_stop' ? 'stop' : 'exit';
};

/** The broker's orders of one symbol, as far as they guard or hold its shares. */
export const guardedOrders = (
  direction: Direction,
  listed: readonly (ListedLeg & { legs: readonly ListedLeg[] })[],
): GuardedOrder[] => {
  const told = (order: ListedLeg, parent: string | null): GuardedOrder => ({
    id: order.id,
    client_order_id: order.client_order_id,
    parent_client_order_id: parent,
    role: roleOf(direction, order),
    side: order.side,
    type: order.type,
    status: order.status,
    qty: order.qty ?? '0',
    filled_qty: order.filled_qty,
  });
  const all = listed.flatMap((order) => [
    told(order, null),
    ...order.legs.map((leg) => told(leg, order.client_order_id)),
  ]);
  // a leg may be listed beside its parent too: where it is nested says more
  const byId = new Map(all.map((order) => [order.id, order]));
  for (const order of all) if (order.parent_client_order_id !== null) byId.set(order.id, order);
  return [...byId.values()];
};

export interface GuardCircumstances {
  now: Instant;
  hours: Pick<MarketHours, 'open_since'>;
  /** Since when the shares are seen without a stop. */
  naked_since: Instant;
  /** They had a stop when they were looked at before: there is nothing to wait for. */
  was_guarded: boolean;
  /** Somebody asked for the exit before the book went away. */
  is_closing: boolean;
  /** When an exit that the broker refused is due again; null where none was. */
  exit_again_at: Instant | null;
}

export type GuardAct =
  | { act: 'none' }
  | { act: 'wait'; until: Instant }
  /** Takes back what is not filled yet of an entry: its legs sleep until it is whole. */
  | { act: 'end_entry'; orders: GuardedOrder[] }
  /** Gives the shares their stop, once these orders hold them no more. */
  | { act: 'protect'; in_the_way: GuardedOrder[] }
  /** Sells them, once these orders hold them no more. */
  | { act: 'close'; in_the_way: GuardedOrder[] };

/** The broker tells of the legs of a fill one by one, and whoever was at work may still end it. */
const LEGS_MS = 300;
const REST_MS = 1000;

const after = ({ now, naked_since }: GuardCircumstances, ms: number, act: GuardAct): GuardAct => {
  const until = later(naked_since, ms);
  return now >= until ? act : { act: 'wait', until };
};

/**
 * What shares ask for whose book is away, by what the broker holds alone. It opens nothing and adds
 * to nothing: it protects, ends an entry that is filled in part, and goes on with an exit that was
 * asked for before.
 */
export const guardAct = (
  qty: DecimalString,
  orders: readonly GuardedOrder[],
  circumstances: GuardCircumstances,
): GuardAct => {
  if (compare(qty, 0) === 0 || isOnItsWayOut(orders)) return { act: 'none' };
  const { now, hours, was_guarded, is_closing, exit_again_at } = circumstances;
  const isSafe = isProtected(qty, orders);
  const in_the_way = aliveExits(orders);
  if (is_closing && hours.open_since !== null && (exit_again_at ?? now) <= now)
    return isSafe
      ? { act: 'close', in_the_way }
      : after(circumstances, LEGS_MS, { act: 'close', in_the_way });
  if (isSafe) return { act: 'none' };
  const entries = orders.filter(({ role, status }) => role === 'entry' && !isEnded(status));
  if (entries.length > 0)
    return after(circumstances, REST_MS, { act: 'end_entry', orders: entries });
  return after(circumstances, was_guarded ? 0 : LEGS_MS, { act: 'protect', in_the_way });
};
