import type { Side } from '@catalyst/domain';
import { createRunningSums, type RunningSums } from './running-sums.ts';
import type { Order } from './order.ts';

/**
 * The orders of an account that may still change, in order of arrival; a replacement has the place
 * of what it replaced.
 */
export interface AliveOrders {
  readonly size: number;
  keys(): Iterable<string>;
  values(): Iterable<Order>;
  /** Those of one symbol that buy, or those that sell. */
  ofSide(symbol: string, side: Side): Iterable<Order>;
  add(order: Order): void;
  remove(order: Order): void;
  replace(order: Order, replacement: Order): void;
  /**
   * Must be told of every change of an order's quantities or prices, so that what it reserves is
   * reckoned anew.
   */
  changed(order: Order): void;
  /**
   * Dollars that orders reserve to open positions: in securities on which money is lent, and in the
   * others.
   */
  reserved: Pick<RunningSums<Order>, 'at'>;
}

const sideKey = ({ symbol, side }: Pick<Order, 'symbol' | 'side'>): string => `${symbol} ${side}`;
const opensPosition = (order: Order): boolean =>
  order.role === 'entry' && order.position_intent.endsWith('_to_open');
/** What a buy with a limit reserves does not follow the market. */
const isFixed = (order: Order): boolean => order.side === 'buy' && order.limit_price !== null;

export const createAliveOrders = (): AliveOrders => {
  const all = new Map<string, Order>();
  const bySide = new Map<string, Set<Order>>();
  const reserved = createRunningSums<Order>(2, isFixed);
  const changed = (order: Order): void => {
    if (all.get(order.id) === order && opensPosition(order)) reserved.changed(order);
  };
  return {
    get size() {
      return all.size;
    },
    keys: () => all.keys(),
    values: () => all.values(),
    ofSide: (symbol, side) => bySide.get(sideKey({ symbol, side })) ?? [],
    add: (order) => {
      all.set(order.id, order);
      const ofSide = bySide.get(sideKey(order)) ?? new Set();
      bySide.set(sideKey(order), ofSide.add(order));
      changed(order);
    },
    remove: (order) => {
      all.delete(order.id);
      reserved.remove(order);
      const ofSide = bySide.get(sideKey(order));
      ofSide?.delete(order);
      if (ofSide?.size === 0) bySide.delete(sideKey(order));
    },
    replace: (order, replacement) => {
      const inPlace = [...all.values()].map((one) => (one === order ? replacement : one));
      all.clear();
      for (const one of inPlace) all.set(one.id, one);
      bySide.set(sideKey(order), new Set(inPlace.filter((one) => sideKey(one) === sideKey(order))));
      reserved.remove(order);
      changed(replacement);
    },
    changed,
    reserved,
  };
};
