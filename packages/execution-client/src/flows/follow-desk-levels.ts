import { liveStops, stableId, type DecimalString, type Instant } from '@catalyst/domain';
import { movableTarget, type Book, type PositionRow } from '@catalyst/order-life';
import { exitsToFollow, type ExitStep } from '../domain/exits-to-follow.ts';
import type { LevelsSignal } from '../store/signal-store.ts';
import { openTrades } from '../store/own-positions.ts';
import type { ClientParts } from './client-parts.ts';
import type { Hand } from './hand.ts';

interface Deps extends ClientParts {
  book: Pick<Book, 'listOrdersOf'>;
  hand: Hand;
}

/** A move that the broker did not make is asked for again, not at every look. */
const AGAIN_AFTER_MS = 30_000;

/**
 * Moves the own stop and target after the desk's, where the owner wants that: towards the price, by
 * replacement, so that the shares keep their stop all the while. What cannot be moved yet is tried at
 * later looks, as long as that row is the desk's last word about the trade.
 */
export const createFollowDeskLevels = ({
  database,
  signals,
  limits,
  clock,
  log,
  tell,
  book,
  hand,
}: Deps) => {
  const told = new Set<string>();
  const again = new Map<string, number>();

  const tellOnce = (row: LevelsSignal, symbol: string, side: string, reason: string): void => {
    const name = `${row.signal_id}:${side}:${reason}`;
    if (told.has(name)) return;
    told.add(name);
    tell({ event: 'levels', symbol, reason });
  };
  const step = async (
    { symbol }: PositionRow,
    row: LevelsSignal,
    side: 'stop' | 'target',
    exit: ExitStep,
    now: Instant,
    move: (to: DecimalString) => Promise<string | null>,
  ): Promise<void> => {
    if (exit.act === 'stay') return;
    if (exit.act !== 'move') return tellOnce(row, symbol, side, `its ${side} stays: ${exit.why}`);
    const name = `${row.signal_id}:${side}`;
    if (Date.parse(now) < (again.get(name) ?? 0)) return;
    again.set(name, Date.parse(now) + AGAIN_AFTER_MS);
    try {
      const why = await move(exit.to);
      tellOnce(
        row,
        symbol,
        side,
        why === null
          ? `its ${side} goes to ${exit.to} with the desk's`
          : `its ${side} stays: ${why}`,
      );
    } catch (error) {
      log.warn('levels_not_followed', { symbol, side, to: exit.to, error });
      tellOnce(row, symbol, side, `its ${side} stays: ${(error as Error).message}`);
    }
  };

  return async (): Promise<void> => {
    if (!limits().follow_levels) return;
    for (const { position, signal_id } of openTrades(database)) {
      if (position.status !== 'open') continue;
      const row = signals.levelsOf(signal_id)?.signal;
      if (!row || signals.endOf(signal_id)) continue;
      const { position_id, direction, last_price } = position;
      const orders = await book.listOrdersOf(position_id);
      const stops = liveStops(orders);
      const steps = exitsToFollow(
        {
          direction,
          last_price,
          // several stops are of parts, and move by no single row
          stop_price: stops.length === 1 ? stops[0]!.stop_price : null,
          target_price: movableTarget(orders)?.limit_price ?? null,
        },
        row.levels,
      );
      const now = clock.now();
      const asked = { by: 'desk', request_id: stableId('desk_levels', row.signal_id) };
      await step(position, row, 'stop', steps.stop, now, async (to) => {
        await hand.moveStop(position_id, to, asked);
        return null;
      });
      await step(position, row, 'target', steps.target, now, (to) =>
        hand.moveTarget(position_id, to, asked),
      );
    }
  };
};
