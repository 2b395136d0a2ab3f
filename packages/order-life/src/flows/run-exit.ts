import type { RefusalKind } from '@catalyst/brokerage';
import { compare, exitOrderId, isEnded, liveStops, marketExit } from '@catalyst/domain';
import type { PositionRow } from '../book-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { ExitCause } from './exit-cause.ts';
import { createIntendOrder } from './intend-order.ts';
import type { LifeDeps } from './life-deps.ts';
import type { LookAtAccount } from './look-at-account.ts';
import { createMoveStop } from './move-stop.ts';
import type { PatchStop } from './patch-stop.ts';
import type { SendOrder } from './send-order.ts';

/** Null and null: the exit is on its way, or nothing is left. */
interface ExitEnd {
  refusal: RefusalKind | null;
  /** Why the shares keep their stop, and where that is now. */
  kept: string | null;
}
const SENT: ExitEnd = { refusal: null, kept: null };

/**
 * The way of a position to its market exit: what is asked for is written down first, and each try
 * goes on from where an earlier one was cut off.
 */
export const createRunExit = (
  deps: LifeDeps,
  { send, refuse, isAtBroker }: SendOrder,
  canceling: CancelOrders,
  { whyBlocked }: LookAtAccount,
  patchStop: PatchStop,
) => {
  const { book, clock } = deps;
  const { endOrders, fetchMissingFills } = canceling;
  const moveStop = createMoveStop(deps, canceling, patchStop);
  const intend = createIntendOrder(deps);
  const read = async (positionId: string): Promise<PositionRow> =>
    (await book.readPosition(positionId))!;

  /**
   * Marks positions as closing and writes their exits down as intended, in one transaction: from
   * here on each is led out by itself, and by every later pass. One that is on its way out keeps the
   * exit that it has.
   */
  const intendExits = (
    positionIds: readonly string[],
    { reason, by, request_id }: ExitCause,
  ): Promise<void> =>
    book.transaction(async (tx) => {
      for (const positionId of positionIds) {
        const position = (await tx.readPosition(positionId))!;
        if (position.status === 'closed') continue;
        const orders = await tx.listOrdersOf(positionId);
        const hasExit = orders.some(({ role, status }) => role === 'exit' && !isEnded(status));
        if (position.status === 'closing' && hasExit) continue;
        const occurred_at = clock.now();
        await tx.changePosition(
          {
            ...position,
            status: 'closing',
            exit_asked: reason,
            exit_reason: reason,
            updated_at: occurred_at,
          },
          { event: 'exit_asked', details: { reason, by, request_id }, occurred_at },
        );
        if (compare(position.qty, 0) === 0 || hasExit) continue;
        const { symbol, direction, qty } = position;
        await intend(
          tx,
          position,
          marketExit(exitOrderId(positionId, request_id), symbol, direction, qty),
          { role: 'exit', exit_reason: reason },
          { request_id, by, reason },
        );
      }
    });

  /** Entries and protection that have not reached the broker never will. */
  const refuseUnsent = async (positionId: string): Promise<void> => {
    for (const row of await book.listOrdersOf(positionId)) {
      if (row.status === 'intended' && !(await isAtBroker(row)) && row.role !== 'exit')
        await refuse(row, 'canceled', 'the position is being closed');
    }
  };

  /**
   * Leads a closing position to its market exit: cancels what holds its shares, then sells what is
   * left of them. Says why the broker refused, if it did, or why nothing was asked of it.
   */
  const runExit = async (
    positionId: string,
    details: Record<string, unknown>,
  ): Promise<ExitEnd> => {
    await refuseUnsent(positionId);
    const before = await book.listOrdersOf(positionId);
    if (
      before.some(
        ({ role, status }) => role === 'exit' && status !== 'intended' && !isEnded(status),
      )
    )
      return SENT;
    const standing = await read(positionId);
    if (liveStops(before).length > 0) {
      const blocked = await whyBlocked();
      if (blocked !== null) return { refusal: null, kept: await moveStop(standing, blocked) };
    }
    await endOrders(
      before.filter(({ role, status }) => role !== 'exit' && status !== 'intended'),
      details,
    );
    await fetchMissingFills(positionId);
    const [position, orders] = await Promise.all([read(positionId), book.listOrdersOf(positionId)]);
    let exit = orders.find(({ role, status }) => role === 'exit' && status === 'intended');
    if (compare(position.qty, 0) === 0) {
      if (exit) await refuse(exit, 'canceled', 'nothing was left to close');
      return SENT;
    }
    const { symbol, direction, qty } = position;
    const client_order_id =
      exit?.client_order_id ??
      exitOrderId(positionId, `continued-${orders.filter(({ role }) => role === 'exit').length}`);
    // its shares have no stop by now; sent a second time it is the same order
    if (exit?.qty === qty) return { refusal: (await send(exit)).refusal, kept: null };
    const request = marketExit(client_order_id, symbol, direction, qty);
    const isUnsent = await book.transaction(async (tx) => {
      // the broker's word that it has it may have come meanwhile
      const known = exit && (await tx.readOrder(client_order_id));
      if (known && known.status !== 'intended') return false;
      if (!known)
        await intend(
          tx,
          position,
          request,
          { role: 'exit', exit_reason: position.exit_reason ?? 'manual' },
          details,
        );
      else if (known.qty !== qty)
        await tx.changeOrder(
          { ...known, qty, request: { ...request }, updated_at: clock.now() },
          { event: 'resized', source: 'desk', details: { from: known.qty, to: qty } },
        );
      return true;
    });
    if (!isUnsent) return SENT;
    exit = (await book.readOrder(client_order_id))!;
    return { refusal: (await send(exit)).refusal, kept: null };
  };

  return { intendExits, runExit };
};
export type RunExit = ReturnType<typeof createRunExit>;
