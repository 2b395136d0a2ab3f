import type { BrokerOrder, BrokerPosition } from '@catalyst/brokerage';
import {
  compare,
  inNewYork,
  later,
  stableId,
  symbol as symbolSchema,
  type DecimalString,
} from '@catalyst/domain';
import { guardedOrders, type GuardedOrder } from '../domain/guard-act.ts';
import type { LifeDeps } from './life-deps.ts';
import type { BookMemory, RememberedPosition } from './remember-book.ts';

/** Shares at the broker, with its orders that guard or hold them. */
export interface HeldAtBroker {
  symbol: string;
  position: RememberedPosition;
  /** False for shares that the book is not known to have. */
  is_known: boolean;
  qty: DecimalString;
  entry_price: DecimalString;
  price: DecimalString;
  orders: GuardedOrder[];
}

/** How much earlier than the desk's own times the broker is asked: clocks differ. */
const CLOCK_MARGIN_MS = 300_000;

/** What is held, as the broker says it, joined to what was last known of it. */
export const createReadHeld = (
  { broker, clock }: LifeDeps,
  memory: BookMemory,
): {
  all(): Promise<HeldAtBroker[]>;
  /** Of one symbol, from the list of open orders as well; null where nothing is held. */
  one(symbol: string): Promise<HeldAtBroker | null>;
} => {
  /** Nobody knows these shares: they are named by their day and their symbol. */
  const strange = ({ symbol, side }: BrokerPosition): RememberedPosition => {
    const now = clock.latest();
    return {
      position_id: stableId('position_without_book', inNewYork(now).date, symbol),
      cycle_id: null,
      symbol,
      direction: side,
      initial_stop_price: null,
      target_price: null,
      is_adopted: true,
      created_at: now,
      status: 'open',
      exit_asked: null,
    };
  };
  const join = (held: BrokerPosition, listed: readonly BrokerOrder[]): HeldAtBroker => {
    const { symbol, side, qty, current_price, avg_entry_price } = held;
    const known = memory.of(symbol)?.position;
    const own = listed.filter((order) => order.symbol === symbol);
    const is_known = known !== undefined && known.direction === side;
    return {
      symbol,
      position: is_known ? known : strange(held),
      is_known,
      qty: qty.replace(/^-/, ''),
      entry_price: avg_entry_price,
      price: current_price ?? avg_entry_price,
      orders: guardedOrders(side, own),
    };
  };
  const listHeld = async (): Promise<BrokerPosition[]> =>
    (await broker.account.listPositions()).filter(
      ({ symbol, qty }) => symbolSchema.safeParse(symbol).success && compare(qty, 0) !== 0,
    );
  /** A stop that is `held` beside its target is found through its parent alone. */
  const listAll = (symbols: readonly string[]): Promise<BrokerOrder[]> => {
    const known = symbols.map((symbol) => memory.of(symbol)?.position);
    const created = known.flatMap((one) => (one && !one.is_adopted ? one.created_at : []));
    const isAllKnown = created.length === symbols.length;
    return broker.orders.listOrders({
      status: 'all',
      nested: true,
      symbols,
      ...(isAllKnown && {
        after: later(
          created.reduce((a, b) => (a < b ? a : b)),
          -CLOCK_MARGIN_MS,
        ),
      }),
    });
  };

  return {
    all: async () => {
      const held = await listHeld();
      if (held.length === 0) return [];
      const listed = await listAll(held.map(({ symbol }) => symbol));
      return held.map((one) => join(one, listed));
    },
    one: async (symbol) => {
      const [listed, open] = await Promise.all([
        listAll([symbol]),
        // an order from before the position, which the list from its time on leaves out
        broker.orders.listOrders({ status: 'open', symbols: [symbol] }),
      ]);
      // read last: what one of those orders has just sold is not sold again
      const held = (await listHeld()).find((one) => one.symbol === symbol);
      if (!held) return null;
      const ids = new Set(listed.map(({ id }) => id));
      return join(held, [...listed, ...open.filter(({ id }) => !ids.has(id))]);
    },
  };
};
