import { forPurpose } from '@catalyst/brokerage';
import {
  compare,
  type DecimalString,
  Exact,
  exitOrderId,
  isOnTick,
  lastStopPrice,
  liveStops,
  marketExit,
  protectionFor,
  protectionOrderId,
  stopMove,
  toDecimalString,
} from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { meantTarget } from '../domain/meant-target.ts';
import { isOnItsWayTo } from '../domain/successor.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { DeskTurns } from './desk-turns.ts';
import { createHeldPosition, type Asked, type Steered } from './held-position.ts';
import { createIntendOrder } from './intend-order.ts';
import { createTakeExitsAway } from './take-exits-away.ts';
import type { LifeDeps } from './life-deps.ts';
import type { PatchStop } from './patch-stop.ts';
import type { PatchTarget } from './patch-target.ts';
import { createPlaceExit } from './place-exit.ts';
import type { Safety } from './protect-position.ts';
import type { SendOrder } from './send-order.ts';

interface Deps {
  safety: Safety;
  sending: SendOrder;
  canceling: CancelOrders;
  turns: DeskTurns;
  patchStop: PatchStop;
  patchTarget: PatchTarget;
}

/**
 * What a person does to shares that stay held: their stop is moved, their exits are exchanged, or
 * some of them are sold.
 */
export const createSteerPosition = (
  deps: LifeDeps,
  { safety, sending, canceling, turns, patchStop, patchTarget }: Deps,
) => {
  const { book } = deps;
  const { refresh } = canceling;
  const takeExitsAway = createTakeExitsAway(deps, canceling, safety);
  const intend = createIntendOrder(deps);
  const { readHeld, assertMayLeave, answer, looks } = createHeldPosition(deps);

  const assertMayMove = (
    { symbol, direction, last_price }: PositionRow,
    stops: readonly OrderRow[],
    to: DecimalString,
    loosen: boolean,
  ): void => {
    if (!isOnTick(to))
      throw new AppError('INVALID_REQUEST', `the stop ${to} is not on a tick of ${symbol}`);
    for (const { stop_price, type } of stops) {
      if (type === 'trailing_stop')
        throw new AppError(
          'INVALID_REQUEST',
          `the stop of ${symbol} follows the price by itself: give it another exit to have it stand still`,
        );
      const move = stopMove(direction, stop_price, to, last_price);
      if (move === 'beyond_price')
        throw new AppError(
          'INVALID_REQUEST',
          `a stop at ${to} would sell ${symbol} at once: its price is ${last_price}; close the position instead`,
        );
      if (move === 'farther' && !loosen)
        throw new AppError(
          'OPERATOR_ONLY',
          `the stop of ${symbol} stays at ${stop_price}: only the operator moves one away from the price, to ${to}`,
          { stop_price, asked: to },
        );
    }
  };

  /**
   * Moves the stop of what is held, by asking the broker to replace it; the shares are guarded all the
   * while. Never away from the price, but for the operator.
   * @throws AppError INVALID_REQUEST, OPERATOR_ONLY, POSITION_NOT_OPEN; BROKER_REFUSED; OUTCOME_UNKNOWN where the broker does not say
   */
  const moveStop = async (
    positionId: string,
    { stop_price: to, loosen, ...asked }: Asked & { stop_price: DecimalString; loosen: boolean },
  ): Promise<Steered> => {
    const position = await readHeld(positionId);
    const stops = liveStops(await book.listOrdersOf(positionId));
    if (stops.length === 0)
      throw new AppError(
        'BROKER_REFUSED',
        `${position.symbol} has no live stop to move: it is being protected`,
      );
    assertMayMove(position, stops, to, loosen);
    const outcomes: Awaited<ReturnType<PatchStop>>[] = [];
    for (const stop of stops)
      if (compare(stop.stop_price!, to) !== 0)
        outcomes.push(await patchStop(stop, to, { ...asked, loosen }));
    const elsewhere = (): OrderRow[] =>
      liveStops(orders).filter(({ stop_price }) => compare(stop_price!, to) !== 0);
    // the old stop lives until the new one has reached the exchange; what the broker says is read
    let orders = await book.listOrdersOf(positionId);
    let left = elsewhere();
    for (const wait_ms of looks) {
      if (left.length === 0) break;
      await deps.clock.sleep(wait_ms);
      await refresh(orders);
      orders = await book.listOrdersOf(positionId);
      left = elsewhere();
    }
    const { symbol } = position;
    if (outcomes.length === 0)
      return answer(positionId, `the stop of ${symbol} is at ${to} already`);
    if (left.length === 0) return answer(positionId, `the stop of ${symbol} was moved to ${to}`);
    if (left.every((stop) => isOnItsWayTo(to, stop, orders)))
      return answer(positionId, `the stop of ${symbol} is on its way to ${to}`);
    throw new AppError(
      outcomes.includes('unknown') ? 'OUTCOME_UNKNOWN' : 'BROKER_REFUSED',
      `the stop of ${symbol} is at ${left.map(({ stop_price }) => stop_price).join(', ')}, not at ${to}: the broker did not move it`,
    );
  };

  /** Sells some of the shares at market; the others get their exits first. */
  const runReduction = async (
    position: PositionRow,
    qty: DecimalString,
    asked: Asked,
  ): Promise<string> => {
    const { position_id, symbol, direction, target_price } = position;
    const orders = await book.listOrdersOf(position_id);
    const stop_price = lastStopPrice(orders) ?? position.initial_stop_price;
    const exit_id = exitOrderId(position_id, asked.request_id);
    const kept = toDecimalString(new Exact(position.qty).minus(qty));
    const attempt = orders.filter(
      ({ role, parent_client_order_id }) =>
        role !== 'entry' && role !== 'exit' && parent_client_order_id === null,
    ).length;
    const guard =
      stop_price === null
        ? null
        : protectionFor({
            client_order_id: protectionOrderId(position_id, attempt),
            symbol,
            direction,
            qty: kept,
            stop_price,
            target_price: meantTarget(target_price, orders),
            time_in_force: 'gtc',
          });
    const now = await takeExitsAway(position, orders, {
      ...asked,
      cause: 'reduced',
      what_failed: 'was not reduced',
    });
    await book.transaction(async (tx) => {
      if (guard)
        await intend(
          tx,
          now,
          guard,
          { role: guard.order_class === 'oco' ? 'target' : 'stop', exit_reason: null },
          { cause: 'reduced', ...asked },
        );
      await intend(
        tx,
        now,
        marketExit(exit_id, symbol, direction, qty),
        { role: 'exit', exit_reason: 'manual' },
        { ...asked, reason: 'manual' },
      );
    });
    if (guard) await sending.send((await book.readOrder(guard.client_order_id))!);
    const { order, refusal } = await sending.send((await book.readOrder(exit_id))!);
    if (refusal !== null) {
      const done = await safety.protect(position_id);
      throw new AppError('BROKER_REFUSED', `${symbol} was not reduced: ${order.reason}; ${done}`);
    }
    return `${qty} of ${position.qty} ${symbol} are being sold at market; ${kept} keep their stop`;
  };

  /**
   * Sells a part of what is held. Asked again with the same id it finds what was done. The exits give
   * their shares free as for a close; those that stay are guarded before the others are sold.
   * @throws AppError INVALID_REQUEST, POSITION_NOT_OPEN; BROKER_REFUSED; OUTCOME_UNKNOWN
   */
  const reduce = async (
    positionId: string,
    { qty, ...asked }: Asked & { qty: DecimalString },
  ): Promise<Steered> => {
    const known = await book.readOrder(exitOrderId(positionId, asked.request_id));
    if (known && known.status !== 'intended')
      return answer(positionId, `${known.qty} ${known.symbol} were to be sold: ${known.status}`);
    const position = await readHeld(positionId);
    const { symbol } = position;
    if (!new Exact(qty).isInteger() || compare(qty, position.qty) >= 0)
      throw new AppError(
        'INVALID_REQUEST',
        `qty must be whole shares and less than the ${position.qty} of ${symbol} that are held, was ${qty}; close the position to sell all`,
      );
    await assertMayLeave(position);
    if (known) await sending.refuse(known, 'canceled', 'asked for again');
    return answer(positionId, await runReduction(position, qty, asked));
  };

  const placeExit = createPlaceExit(deps, { safety, canceling, moveStop, patchTarget });

  return {
    placeExit: (positionId: string, ask: Parameters<typeof placeExit>[1]) =>
      turns.ofPosition(positionId, () =>
        forPurpose('protection', () => placeExit(positionId, ask)),
      ),
    moveStop: (positionId: string, ask: Parameters<typeof moveStop>[1]) =>
      turns.ofPosition(positionId, () => forPurpose('protection', () => moveStop(positionId, ask))),
    reduce: (positionId: string, ask: Parameters<typeof reduce>[1]) =>
      turns.ofPosition(positionId, () => forPurpose('exit', () => reduce(positionId, ask))),
  };
};
