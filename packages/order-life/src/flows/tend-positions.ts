import {
  compare,
  type Instant,
  isEnded,
  isProtected,
  later,
  marketHoursAt,
  guardOf,
} from '@catalyst/domain';
import { forPurpose } from '@catalyst/brokerage';
import { AppError, messageOf, within } from '@catalyst/runtime';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { nakedFrom } from '../domain/naked-from.ts';
import { nextAct, SOME_PATIENCE, type NextAct, type Patience } from '../domain/next-act.ts';
import type { ActOnPosition } from './act-on-position.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import type { SendOrder } from './send-order.ts';
import type { Mended, TellNaked } from './tell-naked.ts';
import type { WatchStops } from './watch-stops.ts';

export interface Pass {
  /** Only a minute of the cycle and a start send an entry again. */
  may_enter: boolean;
  patience: Patience;
}
/** What every pass that is not a minute's does where time passes. */
export const WATCHING: Pass = { may_enter: false, patience: SOME_PATIENCE };

/** What came of a pass over one position. */
export interface Tended {
  mended: Mended | null;
  /** What it asks for and could not be done; it is tried again. */
  failed: Mended | null;
  /** When it is to be looked at again; null where nothing is under way. */
  again_at: Instant | null;
}

const MINUTE_MS = 60_000;
const AGAIN_MS = 1000;
/** Shares without a stop wait no longer for a look. */
const LOOK_WITHIN_MS = 1000;
const NOTHING: Tended = { mended: null, failed: null, again_at: null };

interface Deps {
  act: ActOnPosition;
  canceling: CancelOrders;
  sending: Pick<SendOrder, 'isAtBroker' | 'refuse'>;
  turns: DeskTurns;
  tell: TellNaked;
  stops: Pick<WatchStops, 'isHalted' | 'isDirect'>;
}

/**
 * Goes through what is open and does what its state asks for; state alone decides, so whatever a
 * crash cut off is taken up here. Each position is on its own: what fails for one is its result.
 */
export const createTendPositions = (
  deps: LifeDeps,
  { act, canceling, sending, turns, tell, stops }: Deps,
) => {
  const { book, clock, settings, log } = deps;
  const { refresh } = canceling;
  const nakedSince = new Map<string, Instant>();
  /** When what failed is due again: the ticker and the wake for it would each try by themselves. */
  const dueAt = new Map<string, Instant>();
  /** Positions with a pass at work: one that waits for the broker is not asked for again. */
  const atWork = new Set<string>();

  const decide = (position: PositionRow, orders: readonly OrderRow[], pass: Pass): NextAct => {
    const now = clock.now();
    const { position_id, qty } = position;
    const isCovered = compare(qty, 0) === 0 || isProtected(qty, orders);
    if (isCovered) nakedSince.delete(position_id);
    else if (!nakedSince.has(position_id))
      nakedSince.set(position_id, nakedFrom(position.entered_at, now, orders));
    return nextAct(position, orders, {
      now,
      hours: marketHoursAt(now),
      may_enter: pass.may_enter,
      patience: pass.patience,
      is_stopped: stops.isHalted(),
      is_direct: stops.isDirect(),
      entry_lifetime_ms: settings.entry_lifetime_minutes * MINUTE_MS,
      naked_since: nakedSince.get(position_id) ?? now,
    });
  };

  /** Whether shares are held that nothing at the broker sells or guards; the reason is why so. */
  const noteNaked = async (positionId: string, why: string): Promise<boolean> => {
    const position = await book.readPosition(positionId);
    const orders = await book.listOrdersOf(positionId);
    const isNaked = position !== undefined && guardOf(position.qty, orders) === 'naked';
    tell.note(positionId, isNaked ? { symbol: position.symbol, qty: position.qty, why } : null);
    return isNaked;
  };

  const soon = (): Instant => later(clock.now(), AGAIN_MS);

  /** One position, in its turn; what was read before the turn came is read again. */
  const tendInTurn = (positionId: string, pass: Pass): Promise<Tended> =>
    turns.ofPosition(positionId, () => forPurpose('protection', () => tend(positionId, pass)));
  const tend = async (positionId: string, pass: Pass): Promise<Tended> => {
    let position = await book.readPosition(positionId);
    if (!position || position.status === 'closed') {
      nakedSince.delete(positionId);
      dueAt.delete(positionId);
      tell.note(positionId, null);
      return NOTHING;
    }
    let orders = await book.listOrdersOf(positionId);
    let next = decide(position, orders, pass);
    let mended: Mended | null;
    try {
      if (next.act === 'protect') {
        // the end or the birth of a leg may not have been told: the broker is asked first
        const alive = orders.filter(({ status }) => !isEnded(status) && status !== 'intended');
        await within(LOOK_WITHIN_MS, "the broker's word on the legs", refresh(alive)).catch(
          (error: unknown) => log.warn('legs_not_read', { symbol: position!.symbol, error }),
        );
        position = (await book.readPosition(positionId))!;
        orders = await book.listOrdersOf(positionId);
        next = decide(position, orders, pass);
      }
      if (next.act === 'none' || next.act === 'wait') {
        if (isProtected(position.qty, orders)) tell.note(positionId, null);
        return { ...NOTHING, again_at: next.act === 'wait' ? next.until : null };
      }
      mended = await act(next, position, orders);
    } catch (error) {
      const { symbol } = position;
      if (error instanceof AppError) log.warn('position_not_tended', { symbol, error });
      else log.error('position_not_tended', { symbol, error });
      await noteNaked(positionId, messageOf(error));
      const failed = { symbol, action: `failed: ${messageOf(error)}`, is_refused: false };
      const again_at = soon();
      dueAt.set(positionId, again_at);
      return { mended: null, failed, again_at };
    }
    dueAt.delete(positionId);
    if (mended) tell.mended(mended);
    const isNaked = await noteNaked(positionId, mended?.action ?? '');
    const after = (await book.readPosition(positionId))!;
    return {
      mended,
      failed: null,
      again_at: isNaked || after.status === 'closing' ? soon() : null,
    };
  };

  /** Looks at what was just read; only where it asks for something, in its turn. */
  const tendOne = async (
    position: PositionRow,
    orders: readonly OrderRow[],
    pass: Pass,
  ): Promise<Tended> => {
    const next = decide(position, orders, pass);
    if (next.act === 'none') {
      if (isProtected(position.qty, orders)) tell.note(position.position_id, null);
      return NOTHING;
    }
    if (next.act === 'wait') return { ...NOTHING, again_at: next.until };
    const { position_id } = position;
    const due = dueAt.get(position_id);
    if (pass === WATCHING && due !== undefined && clock.now() < due)
      return { ...NOTHING, again_at: due };
    if (atWork.has(position_id)) return { ...NOTHING, again_at: soon() };
    atWork.add(position_id);
    return tendInTurn(position_id, pass).finally(() => atWork.delete(position_id));
  };

  /**
   * Tends each open position, all at once where time passes and in a replay one after the other;
   * their orders and the strays may be given as just read.
   */
  const tendAll = async (
    pass: Pass,
    open?: readonly PositionRow[],
    watched?: readonly OrderRow[],
  ): Promise<Tended[]> => {
    const positions = open ?? (await book.listOpenPositions());
    const ids = new Set(positions.map(({ position_id }) => position_id));
    tell.keepOnly(ids);
    for (const id of dueAt.keys()) if (!ids.has(id)) dueAt.delete(id);
    if (positions.length === 0 && watched === undefined) return [];
    const orders = watched ?? (await book.listWatchedOrders());
    const one = (position: PositionRow): Promise<Tended> =>
      tendOne(
        position,
        orders.filter(({ position_id }) => position_id === position.position_id),
        pass,
      ).catch((error: unknown) => {
        const { symbol } = position;
        log.warn('position_not_tended', { symbol, error });
        const failed = { symbol, action: `failed: ${messageOf(error)}`, is_refused: false };
        return { mended: null, failed, again_at: soon() };
      });
    if (settings.mode !== 'replay') return Promise.all(positions.map(one));
    const tended: Tended[] = [];
    for (const position of positions) tended.push(await one(position));
    return tended;
  };

  const straysOf = (
    watched: readonly OrderRow[],
    open: readonly PositionRow[],
  ): readonly OrderRow[] => {
    const ids = new Set(open.map(({ position_id }) => position_id));
    return watched.filter(({ position_id }) => !position_id || !ids.has(position_id));
  };

  /**
   * Ends an order that never left for sure, or takes over that it did, where its position has closed
   * meanwhile: nothing asks for it any more, and no pass would look at it again.
   */
  const settle = (positionId: string, clientOrderId: string): Promise<void> =>
    turns.ofPosition(positionId, () =>
      forPurpose('reconciliation', async () => {
        const row = await book.readOrder(clientOrderId);
        const position = await book.readPosition(positionId);
        if (row?.status !== 'intended' || position?.status !== 'closed') return;
        if (!(await sending.isAtBroker(row)))
          await sending.refuse(row, 'canceled', 'its position has closed');
      }),
    );
  /** The same for each of them; one that the broker leaves open is taken up by the next pass. */
  const settleUnsent = async (strays: readonly OrderRow[]): Promise<void> => {
    for (const { status, position_id, client_order_id, symbol } of strays) {
      if (status !== 'intended' || position_id === null || atWork.has(position_id)) continue;
      atWork.add(position_id);
      await settle(position_id, client_order_id)
        .catch((error: unknown) => log.warn('order_not_settled', { symbol, error }))
        .finally(() => atWork.delete(position_id));
    }
  };

  return {
    tendOne: tendInTurn,
    tendAll,
    /** The same by the book alone, with how much is open. */
    tendOpen: async (pass: Pass): Promise<{ tended: Tended[]; open: number }> => {
      const [open, watched] = await Promise.all([
        book.listOpenPositions(),
        book.listWatchedOrders(),
      ]);
      // beside them: what is held waits for no look at what is over
      void settleUnsent(straysOf(watched, open));
      return { tended: await tendAll(pass, open, watched), open: open.length };
    },
    /** Orders of no open position that the broker may have alive: their end is not always told. */
    refreshStrays: async (
      watched: readonly OrderRow[] | undefined,
      open: readonly PositionRow[],
    ): Promise<void> => {
      const strays = straysOf(watched ?? (await book.listWatchedOrders()), open);
      await settleUnsent(strays);
      await refresh(strays.filter(({ status }) => status !== 'intended'));
    },
  };
};
export type TendPositions = ReturnType<typeof createTendPositions>;
