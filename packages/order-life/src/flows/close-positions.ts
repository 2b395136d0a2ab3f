import type { Left, Position } from '@catalyst/contracts';
import {
  compare,
  exitOrderId,
  type ExitReason,
  isEnded,
  isOnItsWayOut,
  stableId,
  guardOf,
} from '@catalyst/domain';
import { AppError, messageOf, within } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';
import { assertCancelable } from '../domain/cancelable.ts';
import { toPosition } from '../show-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import { notOpen, type ExitCause } from './exit-cause.ts';
import type { Safety } from './protect-position.ts';
import type { TellNaked } from './tell-naked.ts';
import type { WatchStops } from './watch-stops.ts';

/** A person hears within two seconds what became of a word; the rest goes on by itself. */
const ANSWER_WITHIN_MS = 1500;

interface Deps {
  safety: Safety;
  canceling: CancelOrders;
  turns: DeskTurns;
  tell: TellNaked;
  stops: Pick<WatchStops, 'isDirect'>;
  /** Looks again at what was left. */
  watchSoon: () => void;
}

/**
 * The acts by which a person or a rule ends what the desk holds. Asked again with the same request
 * id, each finds what was done. All are marked first; then each is led out by itself, and none
 * waits for another.
 */
export const createClosePositions = (
  { book, log, settings }: LifeDeps,
  { safety, canceling, turns, tell, stops, watchSoon }: Deps,
) => {
  const isReplay = settings.mode === 'replay';
  const { cancelOrders } = canceling;
  const soon = <T>(work: Promise<T>): Promise<T> =>
    isReplay ? work : within(ANSWER_WITHIN_MS, 'the broker', work);

  /** Leads one out in its turn; says why where it could not. */
  const leadOut = (position_id: string, cause: ExitCause): Promise<string | null> =>
    turns.ofPosition(position_id, async () => {
      const position = await book.readPosition(position_id);
      if (!position || position.status !== 'closing') return null;
      if (isOnItsWayOut(await book.listOrdersOf(position_id))) return null;
      if (stops.isDirect()) return 'flatten --direct closes it at the broker';
      try {
        return await safety.close(position_id, { ...cause });
      } catch (error) {
        log.warn('position_not_closed', { symbol: position.symbol, error });
        const left = await findLeft(position_id, messageOf(error));
        if (left?.is_naked) tell.note(position_id, { ...left, qty: position.qty });
        return messageOf(error);
      }
    });

  /** What is still held without an exit that the broker has. */
  const findLeft = async (position_id: string, why: string | null): Promise<Left | null> => {
    const position = await book.readPosition(position_id);
    if (!position) return null;
    const { symbol, qty } = position;
    const guard = guardOf(qty, await book.listOrdersOf(position_id));
    if (guard === 'nothing_held' || guard === 'exit') return null;
    return {
      symbol,
      why: why ?? 'the broker has not been asked yet',
      is_naked: guard === 'naked',
    };
  };

  const closeEach = async (positionIds: readonly string[], cause: ExitCause): Promise<Left[]> => {
    const one = async (position_id: string): Promise<Left | null> =>
      findLeft(position_id, await soon(leadOut(position_id, cause)).catch(messageOf));
    const left: (Left | null)[] = [];
    if (isReplay) for (const id of positionIds) left.push(await one(id));
    else left.push(...(await Promise.all(positionIds.map(one))));
    if (positionIds.length > 0) watchSoon();
    return left.filter((one) => one !== null);
  };

  const isLiveEntry = ({ role, status }: OrderRow): boolean =>
    role === 'entry' && !isEnded(status) && status !== 'intended';

  /** Ends orders; what is not ended in time is looked at by the next pass. */
  const endOrders = async (rows: readonly OrderRow[], cause: object): Promise<void> => {
    const byOne = Map.groupBy(
      rows,
      ({ position_id, client_order_id }) => position_id ?? client_order_id,
    );
    const end = async (of: readonly OrderRow[]): Promise<void> => {
      try {
        await soon(cancelOrders(of, { ...cause }));
      } catch (error) {
        log.warn('orders_not_canceled', { symbol: of[0]!.symbol, error });
      }
    };
    if (isReplay) for (const of of byOne.values()) await end(of);
    else await Promise.all([...byOne.values()].map(end));
    if (rows.length > 0) watchSoon();
  };

  return {
    closePosition: async (
      positionId: string,
      cause: ExitCause,
    ): Promise<{ position: Position; left: Left | null }> => {
      const position = await book.readPosition(positionId);
      if (!position)
        throw new AppError('NOT_FOUND', `there is no position ${positionId}`, {
          position_id: positionId,
        });
      let left: Left | null = null;
      const known = await book.readOrder(exitOrderId(positionId, cause.request_id));
      if (position.status === 'closed') {
        const wasAsked =
          known ?? (await book.listRequested('cancel_requested', cause.request_id))[0];
        if (!wasAsked) throw notOpen(position.symbol);
      } else if (!known || known.status === 'intended') {
        await safety.intendExits([positionId], cause);
        left = (await closeEach([positionId], cause))[0] ?? null;
      }
      return { position: toPosition((await book.readPosition(positionId))!), left };
    },

    closeAllPositions: async (
      cause: ExitCause,
    ): Promise<{ closing: string[]; canceled_orders: number; left: Left[] }> => {
      const ids = (await book.listOpenPositions()).map(({ position_id }) => position_id);
      await safety.intendExits(ids, cause);
      const left = await closeEach(ids, cause);
      // what could not be closed keeps its stop
      const held = new Set(
        (await book.listOpenPositions())
          .filter(({ qty }) => compare(qty, 0) > 0)
          .map(({ position_id }) => position_id),
      );
      const strays = (await book.listLiveOrders()).filter(
        ({ role, status, position_id }) =>
          status !== 'intended' &&
          (role === 'entry' || (role !== 'exit' && !held.has(position_id ?? ''))),
      );
      await endOrders(strays, cause);
      const [exits, canceled] = await Promise.all([
        book.listRequested('exit_intended', cause.request_id),
        book.listRequested('cancel_requested', cause.request_id),
      ]);
      return {
        closing: [...new Set(exits.map(({ symbol }) => symbol))].sort(),
        canceled_orders: canceled.length,
        left,
      };
    },

    /** Closes what the desk holds and nobody closes yet, since the state says so. */
    closeAllThatIsNot: async (reason: ExitReason): Promise<void> => {
      const ids = (await book.listOpenPositions())
        .filter(({ status }) => status !== 'closing')
        .map(({ position_id }) => position_id);
      if (ids.length === 0) return;
      const cause: ExitCause = { reason, by: 'trading', request_id: stableId('flattening') };
      await safety.intendExits(ids, cause);
      await closeEach(ids, cause);
    },

    /**
     * Ends entries that may still fill, all, of a symbol, or one; what they filled so far is
     * protected at once.
     * @throws AppError for a name that is no entry which waits (`assertCancelable`)
     */
    cancelEntries: async (cause: {
      request_id: string;
      by: string;
      /** Entries of one symbol alone. */
      symbol?: string | undefined;
      /** One entry alone. */
      client_order_id?: string | undefined;
    }): Promise<{ canceled_orders: number }> => {
      const asked = async (): Promise<number> =>
        (await book.listRequested('cancel_requested', cause.request_id)).length;
      const { client_order_id } = cause;
      if (client_order_id !== undefined) {
        const known = await asked();
        if (known > 0) return { canceled_orders: known };
        assertCancelable(client_order_id, await book.readOrder(client_order_id));
      }
      const entries = (await book.listLiveOrders()).filter(
        (order) =>
          isLiveEntry(order) &&
          (cause.symbol === undefined || order.symbol === cause.symbol) &&
          (client_order_id === undefined || order.client_order_id === client_order_id),
      );
      await endOrders(entries, cause);
      for (const { position_id } of entries) {
        const position = position_id === null ? undefined : await book.readPosition(position_id);
        if (position && position.status === 'open' && (await safety.isNaked(position)))
          await turns
            .ofPosition(position.position_id, () => soon(safety.protect(position.position_id)))
            .catch((error: unknown) =>
              log.warn('position_not_tended', { symbol: position.symbol, error }),
            );
      }
      return { canceled_orders: await asked() };
    },
  };
};
