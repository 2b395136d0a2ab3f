import type { TradeUpdate } from '@catalyst/brokerage';
import { later } from '@catalyst/domain';
import {
  inContext,
  type Clock,
  type Database,
  type Log,
  type Stop,
  type TakeTurn,
} from '@catalyst/service-kit';
import { findOrders } from '../store/orders.ts';
import { readPosition } from '../store/positions.ts';
import type { TendPositions } from './tend-positions.ts';

/**
 * Time that a partly filled entry gets to fill completely; with the cancel it stays below the
 * two seconds that shares may be naked.
 */
const PATIENCE_MS = 1000;

interface Deps {
  tend: TendPositions;
  inTurn: TakeTurn;
  database: Database;
  clock: Clock;
  log: Log;
  isReplay: boolean;
}

/**
 * Sees to it that a partly filled entry is protected within two seconds. In a replay the monitoring
 * of the minute does it: no timer decides there.
 */
export const createWatchPartialFills = ({ tend, inTurn, database, clock, log, isReplay }: Deps) => {
  const armed = new Set<Stop>();

  const look = async (orderId: string): Promise<void> => {
    const [order] = await findOrders(database, [], [orderId]);
    if (
      order?.role !== 'entry' ||
      order.status !== 'partially_filled' ||
      order.position_id === null
    )
      return;
    const position = await readPosition(database, order.position_id);
    const action = position && (await tend.tendOne(position));
    if (action) log.warn('position_mended', { symbol: order.symbol, action });
  };

  return {
    onHandled: ({ event, order }: TradeUpdate): void => {
      if (isReplay || event !== 'partial_fill') return;
      const disarm = clock.at(later(clock.latest(), PATIENCE_MS), async () => {
        armed.delete(disarm);
        await inTurn(() => inContext({ at: null, caller: 'trading' }, () => look(order.id))).catch(
          (error: unknown) => log.error('partial_fill_not_mended', { symbol: order.symbol, error }),
        );
      });
      armed.add(disarm);
    },
    stop: (): void => {
      for (const disarm of armed) disarm();
    },
  };
};
