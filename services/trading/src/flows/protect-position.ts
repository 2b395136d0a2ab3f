import type { RefusalKind } from '@catalyst/brokerage';
import { compare, exitSide, type ExitReason, type OrderRequest } from '@catalyst/domain';
import { AppError, type Transaction } from '@catalyst/service-kit';
import { fallbackStop, marketExit, protectionFor } from '../domain/bracket.ts';
import { exitOrderId, protectionOrderId } from '../domain/client-order-id.ts';
import { isEnded } from '../domain/order-progress.ts';
import { aliveExits, isProtected } from '../domain/protection.ts';
import {
  addOrderEvent,
  insertOrder,
  listOrdersOf,
  readOrder,
  updateOrder,
  type OrderRow,
} from '../store/orders.ts';
import { readPosition, updatePosition, type PositionRow } from '../store/positions.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { SendOrder } from './send-order.ts';

export interface ExitCause {
  reason: ExitReason;
  by: string;
  request_id: string;
}

/**
 * The two ways to see to it that no share is naked: exits at the broker, or no share. Each goes on
 * from where an earlier try was cut off.
 */
export const createSafety = (
  deps: FlowDeps,
  { send, refuse, isAtBroker }: SendOrder,
  { cancelOrders, fetchMissingFills }: CancelOrders,
) => {
  const { database, clock, audit, log, config } = deps;
  const read = async (positionId: string): Promise<PositionRow> =>
    (await readPosition(database, positionId))!;

  const intend = async (
    tx: Transaction,
    position: PositionRow,
    request: OrderRequest,
    fields: Pick<OrderRow, 'role' | 'exit_reason'>,
    details: Record<string, unknown>,
  ): Promise<void> => {
    const at = clock.now();
    const { position_id, cycle_id, security_id, symbol, direction, is_adopted } = position;
    const isNew = await insertOrder(tx, {
      ...fields,
      client_order_id: request.client_order_id,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      cycle_id,
      position_id,
      security_id,
      side: exitSide(direction),
      type: request.type,
      order_class: request.order_class,
      time_in_force: request.time_in_force,
      qty: request.qty,
      filled_qty: '0',
      filled_avg_price: null,
      limit_price: request.limit_price ?? null,
      stop_price: request.stop_price ?? null,
      status: 'intended',
      reason: null,
      is_adopted: false,
      request: { ...request },
      created_at: at,
      updated_at: at,
    });
    if (!isNew) return;
    await addOrderEvent(tx, {
      client_order_id: request.client_order_id,
      event: `${fields.role}_intended`,
      status: 'intended',
      source: 'desk',
      details,
      occurred_at: at,
    });
    audit(tx, {
      actor: String(details.by ?? 'trading'),
      action: `${fields.role}_intended`,
      subject: symbol,
      details: {
        ...details,
        client_order_id: request.client_order_id,
        qty: request.qty,
        is_adopted,
      },
    });
  };

  /** Marks the position as closing and writes the exit down as intended, in one transaction. */
  const intendExit = (
    position: PositionRow,
    { reason, by, request_id }: ExitCause,
  ): Promise<void> =>
    database.transaction(async (tx) => {
      await updatePosition(tx, {
        ...position,
        status: 'closing',
        exit_reason: reason,
        updated_at: clock.now(),
      });
      if (compare(position.qty, 0) === 0) return;
      const { position_id, symbol, direction, qty } = position;
      await intend(
        tx,
        position,
        marketExit(exitOrderId(position_id, request_id), symbol, direction, qty),
        { role: 'exit', exit_reason: reason },
        { request_id, by, reason },
      );
    });

  /**
   * Leads a closing position to its market exit: cancels what holds its shares, then sells what is
   * left of them. Says why the broker refused, if it did.
   */
  const runExit = async (
    positionId: string,
    details: Record<string, unknown>,
  ): Promise<RefusalKind | null> => {
    for (const row of await listOrdersOf(database, [positionId])) {
      if (row.status === 'intended' && !(await isAtBroker(row)) && row.role !== 'exit')
        await refuse(row, 'canceled', 'the position is being closed');
    }
    const before = await listOrdersOf(database, [positionId]);
    if (
      before.some(
        ({ role, status }) => role === 'exit' && status !== 'intended' && !isEnded(status),
      )
    )
      return null;
    await cancelOrders(
      before.filter(({ role, status }) => role !== 'exit' && status !== 'intended'),
      details,
    );
    await fetchMissingFills(positionId);
    const position = await read(positionId);
    const orders = await listOrdersOf(database, [positionId]);
    let exit = orders.find(({ role, status }) => role === 'exit' && status === 'intended');
    if (compare(position.qty, 0) === 0) {
      if (exit) await refuse(exit, 'canceled', 'nothing was left to close');
      return null;
    }
    const { symbol, direction, qty } = position;
    const client_order_id =
      exit?.client_order_id ??
      exitOrderId(positionId, `continued-${orders.filter(({ role }) => role === 'exit').length}`);
    const request = marketExit(client_order_id, symbol, direction, qty);
    if (!exit)
      await database.transaction((tx) =>
        intend(
          tx,
          position,
          request,
          { role: 'exit', exit_reason: position.exit_reason ?? 'manual' },
          details,
        ),
      );
    else if (exit.qty !== qty)
      await updateOrder(database, {
        ...exit,
        qty,
        request: { ...request },
        updated_at: clock.now(),
      });
    exit = (await readOrder(database, client_order_id))!;
    return (await send(exit)).refusal;
  };

  /**
   * Back to an open position, because its exit was refused. In a halt it goes on closing: each
   * monitoring tries again until the market takes the exit.
   */
  const reopen = async (positionId: string, refusal: RefusalKind): Promise<void> => {
    if (refusal !== 'halted')
      await updatePosition(database, {
        ...(await read(positionId)),
        status: 'open',
        exit_reason: null,
        updated_at: clock.now(),
      });
  };

  /**
   * Gives the held shares their stop, and their target where one is known; where the broker refuses
   * that, closes at market. Says what was done.
   */
  const protect = async (positionId: string): Promise<string> => {
    const orders = await listOrdersOf(database, [positionId]);
    await cancelOrders(
      aliveExits(orders).filter(({ role }) => role !== 'exit'),
      { cause: 'protection renewed' },
    );
    const position = await read(positionId);
    if (compare(position.qty, 0) === 0) return 'nothing left to protect';
    const { symbol, direction, qty, target_price } = position;
    const stop_price =
      position.initial_stop_price ??
      fallbackStop(
        direction,
        position.last_price ?? position.entry_price!,
        config.ADOPTED_STOP_RATIO,
      );
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
    await database.transaction(async (tx) => {
      if (waiting)
        await updateOrder(tx, {
          ...waiting,
          qty,
          request: { ...request },
          updated_at: clock.now(),
        });
      else
        await intend(
          tx,
          position,
          request,
          { role: target_price === null ? 'stop' : 'target', exit_reason: null },
          { cause: 'unprotected' },
        );
    });
    const { order, refusal } = await send((await readOrder(database, client_order_id))!);
    if (refusal === null)
      return `protected ${qty} with a stop at ${stop_price}${order.time_in_force === 'day' ? ' for the day' : ''}`;
    log.error('protection_refused', { symbol, qty, stop_price, reason: order.reason });
    const exit = {
      reason: position.exit_reason ?? ('unprotected' as const),
      by: 'trading',
      request_id: `unprotected-${attempt}`,
    };
    await intendExit(await read(positionId), exit);
    const exitRefusal = await runExit(positionId, { ...exit });
    if (exitRefusal === null) return 'closed at market: the broker refused its stop';
    await reopen(positionId, exitRefusal);
    log.error('position_naked', { symbol, qty });
    return 'NAKED: the broker refused its stop and its exit';
  };

  /**
   * Runs the exit; what the broker refuses to close is protected again. Says so where that was
   * needed.
   */
  const close = async (
    positionId: string,
    details: Record<string, unknown>,
  ): Promise<string | null> => {
    const refusal = await runExit(positionId, details);
    if (refusal === null) return null;
    const { symbol } = await read(positionId);
    log.error('exit_refused', { symbol, why: refusal });
    await reopen(positionId, refusal);
    const done = await protect(positionId);
    log.warn('protected_after_refused_exit', { symbol, done });
    return `exit refused${refusal === 'halted' ? ' in a halt' : ''}; ${done}`;
  };

  const isNaked = async (position: PositionRow): Promise<boolean> =>
    compare(position.qty, 0) !== 0 &&
    !isProtected(position.qty, await listOrdersOf(database, [position.position_id]));

  return { intendExit, close, protect, isNaked };
};
export type Safety = ReturnType<typeof createSafety>;

/** What a person or a rule may not close. */
export const notOpen = (symbol: string): AppError =>
  new AppError('POSITION_NOT_OPEN', `the position in ${symbol} is closed already`);
