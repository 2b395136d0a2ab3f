import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';

/**
 * Sums over many items of which few change at a time. What they say is always what adding up
 * `valuesOf` of every item would.
 */
export interface RunningSums<T> {
  /** An item that joins, or whose values have changed other than by the moment. */
  changed(item: T): void;
  remove(item: T): void;
  /**
   * The sums at a moment, which stands for everything besides the items that values follow from:
   * values of another moment are read anew.
   */
  at(moment: string, valuesOf: (item: T) => readonly Decimal[]): readonly Decimal[];
}

/** `width` sums at once; `isFixed` tells an item whose values are the same at every moment. */
export const createRunningSums = <T>(
  width: number,
  isFixed: (item: T) => boolean = () => false,
): RunningSums<T> => {
  const counted = new Map<T, readonly Decimal[]>();
  const moving = new Set<T>();
  const stale = new Set<T>();
  const nothing: readonly Decimal[] = new Array<Decimal>(width).fill(new Exact(0));
  let sums = nothing;
  let asOf = '';

  const leave = (item: T): void => {
    const values = counted.get(item);
    if (!values) return;
    counted.delete(item);
    sums = sums.map((sum, index) => sum.minus(values[index] as Decimal));
  };

  return {
    changed: (item) => void stale.add(item),
    remove: (item) => {
      stale.delete(item);
      moving.delete(item);
      leave(item);
    },
    at: (moment, valuesOf) => {
      if (moment !== asOf) {
        for (const item of moving) stale.add(item);
        // Where all of them move, nothing need be taken away one by one.
        if (moving.size === counted.size) {
          counted.clear();
          sums = nothing;
        }
      }
      asOf = moment;
      for (const item of stale) {
        leave(item);
        const values = valuesOf(item);
        counted.set(item, values);
        sums = sums.map((sum, index) => sum.plus(values[index] as Decimal));
        if (isFixed(item)) moving.delete(item);
        else moving.add(item);
      }
      stale.clear();
      return sums;
    },
  };
};
