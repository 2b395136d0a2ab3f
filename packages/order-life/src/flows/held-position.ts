import type { Position } from '@catalyst/contracts';
import { compare, isEnded, marketHoursAt } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { PositionRow } from '../book-rows.ts';
import { toPosition } from '../show-rows.ts';
import { notOpen } from './exit-cause.ts';
import type { LifeDeps } from './life-deps.ts';

/** Who asks, and the id that makes asking twice harmless. */
export interface Asked {
  by: string;
  request_id: string;
}
export interface Steered {
  position: Position;
  /** What was done, in words. */
  message: string;
}

/** When the broker is asked again whether an order has moved; two seconds in all. */
const LOOKS_AFTER_MS = [0, 100, 200, 400, 600, 700];

/** What a person may do to shares begins with them: they are held, and stay so for now. */
export const createHeldPosition = ({
  book,
  clock,
  settings,
}: Pick<LifeDeps, 'book' | 'clock' | 'settings'>) => ({
  /** In a replay time stands still: there is one look. */
  looks: settings.mode === 'replay' ? [0] : LOOKS_AFTER_MS,
  /** @throws AppError NOT_FOUND, or POSITION_NOT_OPEN for what is not held or is on its way out */
  readHeld: async (positionId: string): Promise<PositionRow> => {
    const position = await book.readPosition(positionId);
    if (!position)
      throw new AppError('NOT_FOUND', `there is no position ${positionId}`, {
        position_id: positionId,
      });
    if (position.status === 'closed') throw notOpen(position.symbol);
    if (position.status === 'closing' || compare(position.qty, 0) === 0)
      throw new AppError(
        'POSITION_NOT_OPEN',
        `the position in ${position.symbol} is ${position.status}: only what is held can be steered`,
      );
    return position;
  },
  /**
   * Exits are given up for others only in a session, and once the entry is over.
   * @throws AppError INVALID_REQUEST, POSITION_NOT_OPEN
   */
  assertMayLeave: async ({ position_id, symbol }: PositionRow): Promise<void> => {
    if (marketHoursAt(clock.now()).open_since === null)
      throw new AppError(
        'INVALID_REQUEST',
        `the exchange is closed: ${symbol} is sold in a session`,
      );
    const orders = await book.listOrdersOf(position_id);
    if (orders.some(({ role, status }) => role === 'entry' && !isEnded(status)))
      throw new AppError('POSITION_NOT_OPEN', `the entry of ${symbol} is still at work`);
  },
  answer: async (positionId: string, message: string): Promise<Steered> => ({
    position: toPosition((await book.readPosition(positionId))!),
    message,
  }),
});
