import { forPurpose, type RefusalKind } from '@catalyst/brokerage';
import {
  aliveExits,
  compare,
  type DecimalString,
  exitOrderId,
  fallbackStop,
  isEnded,
  isProtected,
  lastStopPrice,
  liveStops,
  marketExit,
  marketHoursAt,
  protectionFor,
  protectionOrderId,
} from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { ExitCause } from './exit-cause.ts';
import type { LifeDeps } from './life-deps.ts';
import { createIntendOrder } from './intend-order.ts';
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
 * The two ways to see to it that no share is naked: exits at the broker, or no share. Each goes on
 * from where an earlier try was cut off.
 */
export const createSafety = (
  deps: LifeDeps,
  { send, refuse, isAtBroker }: SendOrder,
  canceling: CancelOrders,
  { whyBlocked }: LookAtAccount,
  patchStop: PatchStop,
) => {
  const { book, clock, log, settings } = deps;
  const { cancelOrders, fetchMissingFills } = canceling;
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
    await cancelOrders(
      before.filter(({ role, status }) => role !== 'exit' && status !== 'intended'),
      details,
    );
    await fetchMissingFills(positionId);
    const position = await read(positionId);
    const orders = await book.listOrdersOf(positionId);
    let exit = orders.find(({ role, status }) => role === 'exit' && status === 'intended');
    if (compare(position.qty, 0) === 0) {
      if (exit) await refuse(exit, 'canceled', 'nothing was left to close');
      return SENT;
    }
    const { symbol, direction, qty } = position;
    const client_order_id =
      exit?.client_order_id ??
      exitOrderId(positionId, `continued-${orders.filter(({ role }) => role === 'exit').length}`);
    const request = marketExit(client_order_id, symbol, direction, qty);
    await book.transaction(async (tx) => {
      if (!exit)
        await intend(
          tx,
          position,
          request,
          { role: 'exit', exit_reason: position.exit_reason ?? 'manual' },
          details,
        );
      else if (exit.qty !== qty)
        await tx.changeOrder(
          { ...exit, qty, request: { ...request }, updated_at: clock.now() },
          { event: 'resized', source: 'desk', details: { from: exit.qty, to: qty } },
        );
    });
    exit = (await book.readOrder(client_order_id))!;
    return { refusal: (await send(exit)).refusal, kept: null };
  };

  const stopOf = (
    { initial_stop_price, direction, last_price, entry_price }: PositionRow,
    orders: readonly OrderRow[],
  ): DecimalString =>
    lastStopPrice(orders) ??
    initial_stop_price ??
    fallbackStop(direction, last_price ?? entry_price!, settings.adopted_stop_ratio);

  /** Closes at market what could not be protected; says whether anything is left naked. */
  const closeUnprotected = async (position: PositionRow, attempt: number): Promise<string> => {
    const { position_id, symbol, qty, exit_reason, status } = position;
    const exit: ExitCause = {
      reason: exit_reason ?? 'unprotected',
      by: 'trading',
      request_id: `unprotected-${attempt}`,
    };
    await intendExits([position_id], exit);
    const { refusal } = await runExit(position_id, { ...exit });
    if (refusal === null) return 'closed at market: the broker refused its stop';
    // the next pass tries its stop first; what somebody closes stays so
    if (status !== 'closing')
      await book.transaction(async (tx) => {
        const occurred_at = clock.now();
        await tx.changePosition(
          {
            ...(await tx.readPosition(position_id))!,
            status,
            exit_asked: null,
            exit_reason: null,
            updated_at: occurred_at,
          },
          { event: 'exit_withdrawn', details: { why: 'its exit was refused' }, occurred_at },
        );
      });
    log.error('position_naked', { symbol, qty });
    return 'NAKED: the broker refused its stop and its exit';
  };

  /**
   * Gives the held shares their stop, and their target where one is known; where the broker refuses
   * that, closes at market. Says what was done.
   */
  const protect = async (positionId: string): Promise<string> => {
    const orders = await book.listOrdersOf(positionId);
    // a limit of the owner's holds the shares too, and protects none
    await cancelOrders(
      aliveExits(orders).filter(({ role, type }) => role !== 'exit' || type !== 'market'),
      { cause: 'protection renewed' },
    );
    const position = await read(positionId);
    if (compare(position.qty, 0) === 0) return 'nothing left to protect';
    const { symbol, direction, qty, target_price } = position;
    const stop_price = stopOf(position, orders);
    const waiting = orders.find(
      ({ role, status }) => status === 'intended' && (role === 'target' || role === 'stop'),
    );
    const attempt = orders.filter(
      ({ role, parent_client_order_id }) =>
        role !== 'entry' && role !== 'exit' && parent_client_order_id === null,
    ).length;
    const client_order_id = waiting?.client_order_id ?? protectionOrderId(positionId, attempt);
    const request = protectionFor({
      client_order_id,
      symbol,
      direction,
      qty,
      stop_price,
      target_price,
      time_in_force: waiting?.time_in_force ?? 'gtc',
    });
    const role = request.order_class === 'oco' ? 'target' : 'stop';
    if (waiting && waiting.role !== role) {
      // another kind of exit is needed than the one that was on its way
      if (!(await isAtBroker(waiting)))
        await refuse(waiting, 'canceled', 'another exit takes its place');
      return protect(positionId);
    }
    await book.transaction(async (tx) => {
      if (waiting)
        await tx.changeOrder(
          { ...waiting, qty, request: { ...request }, updated_at: clock.now() },
          { event: 'resized', source: 'desk', details: { from: waiting.qty, to: qty } },
        );
      else
        await intend(tx, position, request, { role, exit_reason: null }, { cause: 'unprotected' });
    });
    const { order, refusal } = await send((await book.readOrder(client_order_id))!);
    if (refusal === null)
      return `protected ${qty} with a stop at ${stop_price}${order.time_in_force === 'day' ? ' for the day' : ''}`;
    log.error('protection_refused', { symbol, qty, stop_price, reason: order.reason });
    return closeUnprotected(position, attempt);
  };

  /**
   * Runs the exit; what the broker refuses to close is protected again, and stays closing: each pass
   * tries again. Says so where that was needed. While the exchange is closed nothing is sold: what
   * is held keeps its stop until the open.
   */
  const close = async (
    positionId: string,
    details: Record<string, unknown>,
  ): Promise<string | null> => {
    const position = await read(positionId);
    if (compare(position.qty, 0) > 0 && marketHoursAt(clock.now()).open_since === null) {
      const done = (await isNaked(position)) ? `; ${await protect(positionId)}` : '';
      return `the exchange is closed: sold at the next open${done}`;
    }
    const { refusal, kept } = await runExit(positionId, details);
    if (kept !== null) return `not closed: ${kept}`;
    if (refusal === null) return null;
    const { symbol } = position;
    log.error('exit_refused', { symbol, why: refusal });
    const done = await protect(positionId);
    log.warn('protected_after_refused_exit', { symbol, done });
    return `exit refused${refusal === 'halted' ? ' in a halt' : ''}; ${done}`;
  };

  const isNaked = async (position: PositionRow): Promise<boolean> =>
    compare(position.qty, 0) !== 0 &&
    !isProtected(position.qty, await book.listOrdersOf(position.position_id));

  return {
    intendExits,
    isNaked,
    close: (...given: Parameters<typeof close>) => forPurpose('exit', () => close(...given)),
    protect: (...given: Parameters<typeof protect>) =>
      forPurpose('protection', () => protect(...given)),
  };
};
export type Safety = ReturnType<typeof createSafety>;
