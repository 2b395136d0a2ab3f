import { compare } from '@catalyst/domain';
import { isEnded } from '../domain/order-progress.ts';
import { isProtected } from '../domain/protection.ts';
import { listOrdersOf, listWatchedOrders, type OrderRow } from '../store/orders.ts';
import { readPosition, type PositionRow } from '../store/positions.ts';
import { readApproval } from '../store/records.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Safety } from './protect-position.ts';
import type { SendOrder } from './send-order.ts';

export interface Mended {
  symbol: string;
  action: string;
}

const MINUTE_MS = 60_000;

/**
 * Goes through what is open and does what its state asks for; state alone decides, so whatever a
 * crash cut off is taken up here.
 */
export const createTendPositions = (
  deps: FlowDeps,
  { send, refuse, isAtBroker }: SendOrder,
  { cancelOrders, refresh }: CancelOrders,
  safety: Safety,
) => {
  const { database, clock, config } = deps;

  const sendAgain = async (entry: OrderRow): Promise<string> => {
    if (await isAtBroker(entry)) return 'entry found at the broker';
    const approval =
      entry.approval_id === null ? undefined : await readApproval(database, entry.approval_id);
    if (approval && Date.parse(approval.expires_at) <= Date.parse(clock.now())) {
      await refuse(entry, 'refused', 'its approval ended before the broker had it');
      return 'entry dropped: its approval ended before the broker had it';
    }
    return `entry sent again: ${(await send(entry)).order.status}`;
  };

  const tendOne = async (
    position: PositionRow,
    orders: readonly OrderRow[],
  ): Promise<string | null> => {
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
    if (entry?.status === 'intended') return sendAgain(entry);
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
    tendOne: async (position: PositionRow): Promise<string | null> =>
      tendOne(position, await listOrdersOf(database, [position.position_id])),
    /** Tends each of the open positions; their orders and the strays may be given as just read. */
    tendAll: async (
      open: readonly PositionRow[],
      watched?: readonly OrderRow[],
    ): Promise<Mended[]> => {
      const orders = watched ?? (await listWatchedOrders(database));
      const mended: Mended[] = [];
      for (const position of open) {
        const action = await tendOne(
          position,
          orders.filter(({ position_id }) => position_id === position.position_id),
        );
        if (action !== null) mended.push({ symbol: position.symbol, action });
      }
      // the end of a pair's other leg is not always streamed
      const ids = new Set(open.map(({ position_id }) => position_id));
      const last = mended.length > 0 ? await listWatchedOrders(database) : orders;
      await refresh(last.filter(({ position_id }) => !position_id || !ids.has(position_id)));
      return mended;
    },
  };
};
export type TendPositions = ReturnType<typeof createTendPositions>;
