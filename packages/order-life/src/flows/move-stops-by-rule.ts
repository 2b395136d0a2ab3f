import { forPurpose } from '@catalyst/brokerage';
import {
  compare,
  fromTimeId,
  hasStopRule,
  isProtected,
  liveStops,
  priceActionOf,
  regularSessionAt,
  ruledStop,
  toTimeId,
  type Bar,
  type DecimalString,
  type Instant,
  type SessionMinutes,
} from '@catalyst/domain';
import { within } from '@catalyst/runtime';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { successorOf } from '../domain/successor.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { DeskTurns } from './desk-turns.ts';
import type { LifeDeps } from './life-deps.ts';
import type { PatchStop } from './patch-stop.ts';
import type { WatchStops } from './watch-stops.ts';

const READ_WITHIN_MS = 2000;

interface Deps {
  patchStop: PatchStop;
  canceling: Pick<CancelOrders, 'refresh'>;
  turns: DeskTurns;
  stops: Pick<WatchStops, 'isDirect'>;
}

/** Held by a plan of the desk's: what others opened has no initial risk, and is its owner's. */
type Ruled = PositionRow & {
  entry_price: DecimalString;
  entered_at: Instant;
  initial_stop_price: DecimalString;
  last_price: DecimalString;
};
const isRuled = (position: PositionRow | undefined): position is Ruled =>
  position !== undefined &&
  position.status === 'open' &&
  compare(position.qty, 0) > 0 &&
  !position.is_adopted &&
  position.entry_price !== null &&
  position.entered_at !== null &&
  position.initial_stop_price !== null &&
  position.last_price !== null;

/**
 * Moves the stops of what is held by the desk's own rule, at most once a minute each, since the rule
 * reads closes of minutes. What could not be read or moved waits for the next minute; nothing else
 * waits for it.
 */
export const createMoveStopsByRule = (
  { broker, book, clock, log, settings }: LifeDeps,
  { patchStop, canceling, turns, stops }: Deps,
) => {
  const rule = settings.stop_rule;
  /** The minute for which each position was last judged. */
  const judged = new Map<string, number>();
  let isAtWork = false;

  const judge = async (
    positionId: string,
    bars: ReadonlyMap<string, Bar[]>,
    session: SessionMinutes,
    minute: number,
  ): Promise<void> => {
    const position = await book.readPosition(positionId);
    const orders = await book.listOrdersOf(positionId);
    // shares that are naked, or on their way out, have other cares
    if (!isRuled(position) || stops.isDirect() || !isProtected(position.qty, orders)) return;
    const { direction, symbol, entry_price, initial_stop_price, last_price } = position;
    const action = priceActionOf(
      direction,
      bars.get(symbol) ?? [],
      session,
      toTimeId(position.entered_at),
      minute,
    );
    const move = async (stop: OrderRow): Promise<boolean> => {
      const { stop_price } = stop;
      // one that is being replaced is asked again when its successor lives
      if (stop.type !== 'stop' || stop_price === null || successorOf(stop, orders)) return false;
      const ruled = ruledStop(rule, {
        ...action,
        direction,
        entry_price,
        initial_stop_price,
        stop_price,
        last_price,
      });
      if (ruled === null) return false;
      const { to, why } = ruled;
      const outcome = await patchStop(
        stop,
        to,
        { by: 'trading', rule: ruled.rule, why },
        {
          actor: 'trading',
          action: 'stop_moved_by_rule',
          subject: symbol,
          details: {
            position_id: positionId,
            client_order_id: stop.client_order_id,
            from: stop_price,
            to,
            rule: ruled.rule,
            why,
            ...action,
          },
        },
      );
      log.info('stop_moved_by_rule', { symbol, from: stop_price, to, why, outcome });
      return true;
    };
    let moved = false;
    for (const stop of liveStops(orders)) moved = (await move(stop)) || moved;
    // whichever of the two lives, also where the answer was lost
    if (moved) await canceling.refresh(await book.listOrdersOf(positionId));
  };

  const look = async (): Promise<void> => {
    const now = clock.now();
    const session = regularSessionAt(now);
    const minute = toTimeId(now);
    if (!session || stops.isDirect()) return;
    const open = await book.listOpenPositions();
    const ids = new Set(open.map(({ position_id }) => position_id));
    for (const id of judged.keys()) if (!ids.has(id)) judged.delete(id);
    const due = open.filter(
      (position) => isRuled(position) && judged.get(position.position_id) !== minute,
    );
    if (due.length === 0) return;
    for (const { position_id } of due) judged.set(position_id, minute);
    const reading = broker.market_data.bars({
      symbols: [...new Set(due.map(({ symbol }) => symbol))],
      timeframe: '1min',
      start: fromTimeId(session.open_time_id),
      end: now,
    });
    // the minute's watch over limits is behind this: a vendor that hangs does not hold it up
    const bars = await (settings.mode === 'replay'
      ? reading
      : within(READ_WITHIN_MS, 'reading the minutes of what is held', reading));
    for (const { position_id, symbol } of due)
      await turns
        .ofPosition(position_id, () => judge(position_id, bars, session, minute))
        .catch((error: unknown) => log.warn('stop_not_moved_by_rule', { symbol, error }));
  };

  /** One look; whoever comes while one is at work goes on without. */
  return async (): Promise<void> => {
    if (!hasStopRule(rule) || isAtWork) return;
    isAtWork = true;
    try {
      await forPurpose('protection', look);
    } catch (error) {
      log.warn('stops_not_moved_by_rule', { error });
    } finally {
      isAtWork = false;
    }
  };
};
export type MoveStopsByRule = ReturnType<typeof createMoveStopsByRule>;
