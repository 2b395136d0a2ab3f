import type { Left, Position } from '@catalyst/contracts';
import { compare } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { exitOrderId } from '../domain/client-order-id.ts';
import { isEnded } from '../domain/order-progress.ts';
import {
  listLiveOrders,
  listOrdersOf,
  listRequested,
  readOrder,
  type OrderRow,
} from '../store/orders.ts';
import {
  listOpenPositions,
  readPosition,
  toPosition,
  type PositionRow,
} from '../store/positions.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import { notOpen, type ExitCause, type Safety } from './protect-position.ts';

/**
 * The acts by which a person or a rule ends what the desk holds. Asked again with the same request
 * id, each finds what was done.
 */
export const createClosePositions = (
  { database, log }: FlowDeps,
  safety: Safety,
  { cancelOrders }: CancelOrders,
) => {
  const closeOne = async (position: PositionRow, cause: ExitCause): Promise<void> => {
    const { position_id } = position;
    const known = await readOrder(database, exitOrderId(position_id, cause.request_id));
    if (known && known.status !== 'intended') return;
    const orders = await listOrdersOf(database, [position_id]);
    const isUnderWay =
      position.status === 'closing' &&
      orders.some(
        ({ role, status }) => role === 'exit' && !isEnded(status) && status !== 'intended',
      );
    if (isUnderWay) return;
    if (!known && !orders.some(({ role, status }) => role === 'exit' && status === 'intended'))
      await safety.intendExit(position, cause);
    await safety.close(position_id, { ...cause });
  };

  const isLiveEntry = ({ role, status }: OrderRow): boolean =>
    role === 'entry' && !isEnded(status) && status !== 'intended';

  return {
    closePosition: async (positionId: string, cause: ExitCause): Promise<Position> => {
      const position = await readPosition(database, positionId);
      if (!position)
        throw new AppError('NOT_FOUND', `there is no position ${positionId}`, {
          position_id: positionId,
        });
      if (position.status !== 'closed') await closeOne(position, cause);
      else {
        const wasAsked =
          (await readOrder(database, exitOrderId(positionId, cause.request_id))) ??
          (await listRequested(database, 'cancel_requested', cause.request_id))[0];
        if (!wasAsked) throw notOpen(position.symbol);
      }
      return toPosition((await readPosition(database, positionId))!);
    },

    closeAllPositions: async (
      cause: ExitCause,
    ): Promise<{ closing: string[]; canceled_orders: number; left: Left[] }> => {
      const left: Left[] = [];
      for (const position of await listOpenPositions(database))
        try {
          await closeOne(position, cause);
        } catch (error) {
          const { symbol, position_id } = position;
          const why = error instanceof Error ? error.message : String(error);
          log.error('position_not_closed', { symbol, error });
          const is_naked = await safety.isNaked((await readPosition(database, position_id))!);
          left.push({ symbol, why, is_naked });
        }
      // what could not be closed keeps its stop
      const held = new Set(
        (await listOpenPositions(database))
          .filter(({ qty }) => compare(qty, 0) > 0)
          .map(({ position_id }) => position_id),
      );
      const strays = (await listLiveOrders(database)).filter(
        ({ role, status, position_id }) =>
          status !== 'intended' &&
          (role === 'entry' || (role !== 'exit' && !held.has(position_id ?? ''))),
      );
      await cancelOrders(strays, { ...cause });
      const [exits, canceled] = await Promise.all([
        listRequested(database, 'exit_intended', cause.request_id),
        listRequested(database, 'cancel_requested', cause.request_id),
      ]);
      return {
        closing: [...new Set(exits.map(({ symbol }) => symbol))].sort(),
        canceled_orders: canceled.length,
        left,
      };
    },

    /** Ends entries that may still fill; what they filled so far is protected at once. */
    cancelEntries: async (cause: {
      request_id: string;
      by: string;
    }): Promise<{ canceled_orders: number }> => {
      const entries = (await listLiveOrders(database)).filter(isLiveEntry);
      await cancelOrders(entries, { ...cause });
      for (const { position_id } of entries) {
        const position =
          position_id === null ? undefined : await readPosition(database, position_id);
        if (position && position.status === 'open' && (await safety.isNaked(position)))
          await safety.protect(position.position_id);
      }
      return {
        canceled_orders: (await listRequested(database, 'cancel_requested', cause.request_id))
          .length,
      };
    },
  };
};
