import {
  compare,
  dayOrderId,
  type DecimalString,
  isWorking,
  liveStops,
  type OwnExit,
  ownExitOrderId,
  ownExitRequest,
  refusalOfOwnExit,
} from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { successorOf } from '../domain/successor.ts';
import type { CancelOrders } from './cancel-orders.ts';
import { createHeldPosition, type Asked, type Steered } from './held-position.ts';
import { createIntendOrder } from './intend-order.ts';
import { createTakeExitsAway } from './take-exits-away.ts';
import type { LifeDeps } from './life-deps.ts';
import { movableTarget, type PatchTarget } from './patch-target.ts';
import type { Safety } from './protect-position.ts';

interface Deps {
  safety: Safety;
  canceling: CancelOrders;
  moveStop: (
    positionId: string,
    ask: Asked & { stop_price: DecimalString; loosen: boolean },
  ) => Promise<Steered>;
  patchTarget: PatchTarget;
}

const words = (request: ReturnType<typeof ownExitRequest>): string => {
  const { type, limit_price, stop_price, stop_loss, trail_percent, trail_price } = request;
  if (type === 'limit') return `at ${limit_price!} or better, its stop at ${stop_loss!.stop_price}`;
  if (type === 'stop_limit') return `by a stop at ${stop_price!}, no worse than ${limit_price!}`;
  return `by a stop that trails the price by ${trail_percent ? `${trail_percent} %` : `$${trail_price!}`}`;
};

/** Targets that may fill and that no other is about to take the place of. */
const workingTargets = (orders: readonly OrderRow[]): OrderRow[] =>
  orders.filter(
    (order) => order.role === 'target' && isWorking(order.status) && !successorOf(order, orders),
  );

/**
 * A person's own way out for what is held, by an order that waits and guards all the shares. Where
 * stop and target of the entry are still there they are moved, and the shares are guarded all the
 * while; else the exits make place for the new one, which `protect` sends: whatever cuts that off,
 * the next pass goes on with it.
 */
export const createPlaceExit = (
  deps: LifeDeps,
  { safety, canceling, moveStop, patchTarget }: Deps,
) => {
  const { book } = deps;
  const { readHeld, assertMayLeave, answer, looks } = createHeldPosition(deps);
  const { refresh } = canceling;
  const takeExitsAway = createTakeExitsAway(deps, canceling, safety);
  const intend = createIntendOrder(deps);

  /** The order, or the one for the day that took its place. */
  const readPlaced = async (id: string): Promise<OrderRow | undefined> =>
    (await book.readOrder(dayOrderId(id))) ?? (await book.readOrder(id));

  const moveTarget = async (
    { position_id, symbol }: PositionRow,
    to: DecimalString,
    asked: Asked,
  ): Promise<void> => {
    const outcome = await patchTarget(position_id, to, { ...asked });
    const find = async () => workingTargets(await book.listOrdersOf(position_id))[0];
    const isThere = (target: OrderRow | undefined): boolean =>
      compare(target?.limit_price ?? 0, to) === 0;
    // the old one lives until the new one has reached the exchange; what the broker says is read
    let target = await find();
    for (const wait_ms of looks) {
      if (isThere(target) && target!.status !== 'pending_new') return;
      await deps.clock.sleep(wait_ms);
      await refresh(await book.listOrdersOf(position_id));
      target = await find();
    }
    if (isThere(target)) return;
    throw new AppError(
      outcome === 'unknown' ? 'OUTCOME_UNKNOWN' : 'BROKER_REFUSED',
      `the limit of ${symbol} is at ${target?.limit_price ?? 'none'}, not at ${to}: the broker did not move it`,
    );
  };

  /** Takes the exits away and puts the new one there, within the two seconds that a cancel may take. */
  const exchange = async (
    position: PositionRow,
    request: ReturnType<typeof ownExitRequest>,
    asked: Asked,
  ): Promise<void> => {
    const { position_id } = position;
    const orders = await book.listOrdersOf(position_id);
    const now = await takeExitsAway(position, orders, {
      ...asked,
      cause: 'another exit was asked for',
      what_failed: 'gets no other exit',
    });
    await book.transaction((tx) =>
      intend(
        tx,
        now,
        request,
        { role: request.order_class === 'oco' ? 'target' : 'stop', exit_reason: null },
        { cause: 'asked for', ...asked },
      ),
    );
  };

  /**
   * Asked again with the same id it finds what was done, or goes on with it.
   * @throws AppError INVALID_REQUEST, POSITION_NOT_OPEN; BROKER_REFUSED, and the desk's own stop is there again; OUTCOME_UNKNOWN
   */
  return async (
    positionId: string,
    { exit, ...asked }: Asked & { exit: OwnExit },
  ): Promise<Steered> => {
    const id = ownExitOrderId(positionId, asked.request_id);
    const known = await readPlaced(id);
    if (known && known.status !== 'intended')
      return answer(positionId, `the exit of ${known.symbol} was sent: ${known.status}`);
    const position = await readHeld(positionId);
    const { symbol, direction } = position;
    await assertMayLeave(position);
    let request = known?.request as ReturnType<typeof ownExitRequest> | undefined;
    if (request === undefined) {
      const orders = await book.listOrdersOf(positionId);
      const stops = liveStops(orders).filter(
        (stop) => stop.stop_price !== null && !successorOf(stop, orders),
      );
      const nearest = stops
        .map(({ stop_price }) => stop_price!)
        .reduce<DecimalString | null>(
          (near, one) =>
            near === null || compare(one, near) === (direction === 'long' ? 1 : -1) ? one : near,
          null,
        );
      if (nearest === null)
        throw new AppError(
          'BROKER_REFUSED',
          `${symbol} has no live stop that an exit could take the place of: it is being protected`,
        );
      request = ownExitRequest(id, position, exit, nearest);
      const refusal = refusalOfOwnExit(request, position, nearest);
      if (refusal !== null) throw new AppError('INVALID_REQUEST', refusal, { exit });
      if (
        request.stop_loss &&
        stops.length === 1 &&
        workingTargets(orders).length === 1 &&
        movableTarget(orders)
      ) {
        const { stop_price } = request.stop_loss;
        if (compare(stop_price, nearest) !== 0)
          await moveStop(positionId, { ...asked, stop_price, loosen: false });
        await moveTarget(position, request.limit_price!, asked);
        return answer(positionId, `${symbol} leaves ${words(request)}`);
      }
      await exchange(position, request, asked);
    }
    const done = await safety.protect(positionId);
    const placed = (await readPlaced(id))!;
    if (placed.broker_order_id === null)
      throw new AppError(
        'BROKER_REFUSED',
        `the exit of ${symbol} was not taken: ${placed.reason ?? placed.status}; ${done}`,
      );
    return answer(positionId, `${symbol} leaves ${words(request)}`);
  };
};
