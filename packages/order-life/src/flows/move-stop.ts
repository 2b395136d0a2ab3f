import { compare, type DecimalString, fallbackStop, liveStops } from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { LifeDeps } from './life-deps.ts';
import type { PatchStop } from './patch-stop.ts';

/** How far from the last price a stop is put that stands for an exit, as a ratio. */
const NEAR_RATIO = 0.001;

/**
 * Puts the stop of shares that cannot be sold now next to the market, instead of taking it away:
 * they leave with the next trade against them, and are never without it.
 */
export const createMoveStop = (
  { book }: Pick<LifeDeps, 'book'>,
  { refresh }: CancelOrders,
  patchStop: PatchStop,
) => {
  const isNearer = (
    { direction }: PositionRow,
    wanted: DecimalString,
    { stop_price }: OrderRow,
  ): boolean =>
    stop_price !== null && compare(wanted, stop_price) === (direction === 'long' ? 1 : -1);

  return async (position: PositionRow, why: string): Promise<string> => {
    const { position_id, direction, last_price, entry_price } = position;
    const stops = liveStops(await book.listOrdersOf(position_id));
    const price = last_price ?? entry_price;
    const wanted = price === null ? null : fallbackStop(direction, price, NEAR_RATIO);
    const words: string[] = [];
    for (const stop of stops) {
      if (wanted === null || !isNearer(position, wanted, stop)) {
        words.push(`its stop stays at ${stop.stop_price}`);
        continue;
      }
      words.push(
        (await patchStop(stop, wanted, { why })) === 'moved'
          ? `its stop was moved to ${wanted}`
          : `its stop stays at ${stop.stop_price}`,
      );
    }
    if (stops.length > 0) await refresh(await book.listOrdersOf(position_id));
    return `${why}; ${words.join(', ')}`;
  };
};
