import { compare, stableId } from '@catalyst/domain';
import { openTrades } from '../store/own-positions.ts';
import type { ClientParts } from './client-parts.ts';
import type { Hand } from './hand.ts';

/**
 * Goes out where the desk has gone out: a position is sold once the desk says that it has closed
 * its own, if the owner wants that; an entry of which nothing is filled is taken back once the desk
 * has taken back its own. Asked again at each look until it is done.
 */
export const createFollowDeskExits =
  ({ database, signals, limits, log, tell }: ClientParts, hand: Hand) =>
  async (): Promise<void> => {
    for (const { position, signal_id } of openTrades(database)) {
      if (position.status === 'closing') continue;
      const end = signals.endOf(signal_id)?.signal;
      if (!end) continue;
      const isWanted =
        end.kind === 'closed' ? limits().follow_exits : compare(position.qty, 0) === 0;
      if (!isWanted) continue;
      const reason =
        end.kind === 'closed'
          ? `the desk has closed it: ${end.closed.reason}`
          : `the desk has taken it back: ${end.cancelled.reason}`;
      tell({ event: 'exit', symbol: position.symbol, reason });
      try {
        await hand.close(position.position_id, {
          reason: 'manual',
          by: 'desk',
          request_id: stableId('desk_exit', end.signal_id),
        });
      } catch (error) {
        log.warn('exit_not_followed', { symbol: position.symbol, error });
      }
    }
  };
