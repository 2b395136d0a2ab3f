import { compare } from '@catalyst/domain';
import { isEnded } from '../domain/order-progress.ts';
import { isProtected } from '../domain/protection.ts';
import { listOrdersOf, listWatchedOrders, type OrderRow } from '../store/orders.ts';
import { readPosition, type PositionRow } from '../store/positions.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Safety } from './protect-position.ts';
import type { Resumed, SendEntry } from './send-entry.ts';

export interface Mended {
  symbol: string;
  action: string;
  /** An entry ended without the broker having it. */
  is_refused: boolean;
}

const MINUTE_MS = 60_000;

/**
 * Goes through what is open and does what its state asks for; state alone decides, so whatever a
 * crash cut off is taken up here.
 */
export const createTendPositions = (
  deps: FlowDeps,
  { resume }: SendEntry,
  { cancelOrders, refresh }: CancelOrders,
  safety: Safety,
) => {
  const { database, clock, config } = deps;

  const tendOne = async (
    position: PositionRow,
    orders: readonly OrderRow[],
  ): Promise<string | Resumed | null> => {
    const { position_id, qty } = position;
    const entry = orders.find(({ role, status }) => role === 'entry' && !isEnded(status));
    if (position.status === 'closing') {
      if (
        orders.some(
          ({ role, status }) => role === 'exit' && !isEnded(status) && status !== 'intended',
        )
      )
        return null;
      return (
        (await safety.close(position_id, { cause: 'exit taken up again' })) ?? 'exit taken up again'
      );
    }
    if (entry?.status === 'intended') return resume(entry);
    if (entry && compare(qty, 0) > 0) {
      // its legs sleep until it is filled completely, so what it filled so far is naked
      await cancelOrders([entry], { cause: 'partly filled' });
      const { qty: held } = (await readPosition(database, position_id))!;
      return `partly filled entry ended at ${held}; ${await safety.protect(position_id)}`;
    }
    if (entry) {
      const age = Date.parse(clock.now()) - Date.parse(entry.created_at);
      if (entry.is_adopted || age < config.ENTRY_LIFETIME_MINUTES * MINUTE_MS) return null;
      await cancelOrders([entry], { cause: 'not filled in time' });
      return `entry canceled: not filled within ${config.ENTRY_LIFETIME_MINUTES} minutes`;
    }
    return compare(qty, 0) > 0 && !isProtected(qty, orders) ? safety.protect(position_id) : null;
  };

  return {
    tendOne: async (position: PositionRow): Promise<string | null> => {
      const done = await tendOne(position, await listOrdersOf(database, [position.position_id]));
      return done === null || typeof done === 'string' ? done : done.action;
    },
    /**
     * Tends each of the open positions, those too that come after one that fails; the first failure
     * is thrown at the end. Their orders and the strays may be given as just read.
     */
    tendAll: async (
      open: readonly PositionRow[],
      watched?: readonly OrderRow[],
    ): Promise<Mended[]> => {
      const orders = watched ?? (await listWatchedOrders(database));
      const mended: Mended[] = [];
      const failures: unknown[] = [];
      for (const position of open)
        try {
          const done = await tendOne(
            position,
            orders.filter(({ position_id }) => position_id === position.position_id),
          );
          if (done === null) continue;
          const { symbol } = position;
          const what = typeof done === 'string' ? { action: done, is_refused: false } : done;
          mended.push({ symbol, ...what });
        } catch (error) {
          failures.push(error);
        }
      // the end of a pair's other leg is not always streamed
      const ids = new Set(open.map(({ position_id }) => position_id));
      const last = mended.length > 0 ? await listWatchedOrders(database) : orders;
      await refresh(last.filter(({ position_id }) => !position_id || !ids.has(position_id)));
      if (failures.length > 0) throw failures[0];
      return mended;
    },
  };
};
export type TendPositions = ReturnType<typeof createTendPositions>;
