import { forPurpose } from '@catalyst/brokerage';
import {
  aliveExits,
  compare,
  type DecimalString,
  fallbackStop,
  isOwnExit,
  isProtected,
  lastStopPrice,
  marketHoursAt,
  type OrderRequest,
  protectionFor,
  protectionOrderId,
  refusalOfOwnExit,
} from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { meantTarget } from '../domain/meant-target.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { ExitCause } from './exit-cause.ts';
import type { LifeDeps } from './life-deps.ts';
import { createIntendOrder } from './intend-order.ts';
import type { RunExit } from './run-exit.ts';
import type { SendOrder } from './send-order.ts';

/** What a protection comes to that another had sent meanwhile. */
export const WAS_ON_ITS_WAY = 'the broker has what was on its way';

/**
 * The two ways to see to it that no share is naked: exits at the broker, or no share. Each goes on
 * from where an earlier try was cut off.
 */
export const createSafety = (
  deps: LifeDeps,
  { send, refuse, isAtBroker }: SendOrder,
  { cancelOrders, isTold }: CancelOrders,
  { intendExits, runExit }: RunExit,
) => {
  const { book, clock, log, settings } = deps;
  const intend = createIntendOrder(deps);
  const read = async (positionId: string): Promise<PositionRow> =>
    (await book.readPosition(positionId))!;

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
    const [seen, orders] = await Promise.all([read(positionId), book.listOrdersOf(positionId)]);
    const waiting = orders.find(
      ({ role, status }) => status === 'intended' && (role === 'target' || role === 'stop'),
    );
    // what the broker had may have been booked since somebody found the shares naked
    const standing = orders.filter((order) => !isTold(order));
    if (!waiting && isProtected(seen.qty, standing)) return WAS_ON_ITS_WAY;
    // a limit of the owner's holds the shares too, and protects none
    await cancelOrders(
      aliveExits(orders).filter(({ role, type }) => role !== 'exit' || type !== 'market'),
      { cause: 'protection renewed' },
    );
    const position = await read(positionId);
    if (compare(position.qty, 0) === 0) return 'nothing left to protect';
    const { symbol, direction, qty } = position;
    const others = orders.filter((order) => order !== waiting);
    const stop_price = stopOf(position, others);
    const isOwn = waiting !== undefined && isOwnExit(waiting.client_order_id);
    const attempt = orders.filter(
      ({ role, parent_client_order_id }) =>
        role !== 'entry' && role !== 'exit' && parent_client_order_id === null,
    ).length;
    const client_order_id = waiting?.client_order_id ?? protectionOrderId(positionId, attempt);
    const request = isOwn
      ? { ...(waiting.request as OrderRequest), qty }
      : protectionFor({
          client_order_id,
          symbol,
          direction,
          qty,
          stop_price,
          target_price: meantTarget(position.target_price, others),
          time_in_force: waiting?.time_in_force ?? 'gtc',
        });
    const role = request.order_class === 'oco' ? 'target' : 'stop';
    const unfit = isOwn
      ? refusalOfOwnExit(request, position, stop_price)
      : waiting && waiting.role !== role
        ? 'another exit takes its place'
        : null;
    if (waiting && unfit !== null) {
      // another kind of exit is needed than the one that was on its way
      if (!(await isAtBroker(waiting))) await refuse(waiting, 'canceled', unfit);
      return protect(positionId);
    }
    const isUnsent = await book.transaction(async (tx) => {
      // the stop may have filled while this waited for its turn to write: nothing is guarded then
      if (compare((await tx.readPosition(positionId))!.qty, 0) === 0) return null;
      if (!waiting) {
        await intend(tx, position, request, { role, exit_reason: null }, { cause: 'unprotected' });
        return true;
      }
      // the broker's word that it has it may have come meanwhile
      const known = await tx.readOrder(client_order_id);
      if (known?.status !== 'intended') return false;
      await tx.changeOrder(
        { ...known, qty, request: { ...request }, updated_at: clock.now() },
        { event: 'resized', source: 'desk', details: { from: known.qty, to: qty } },
      );
      return true;
    });
    if (isUnsent === null) return 'nothing left to protect';
    if (!isUnsent) return WAS_ON_ITS_WAY;
    const { order, refusal } = await send((await book.readOrder(client_order_id))!);
    if (refusal === null)
      return `protected ${qty} with ${isOwn ? 'the exit that was asked for' : `a stop at ${stop_price}`}${order.time_in_force === 'day' ? ' for the day' : ''}`;
    log.error('protection_refused', { symbol, qty, stop_price, reason: order.reason });
    // the desk's own takes the place of a person's that the broker does not take
    if (isOwn) return protect(positionId);
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
