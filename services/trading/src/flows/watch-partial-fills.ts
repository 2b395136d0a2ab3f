import type { TradeUpdate } from '@catalyst/brokerage';
import { inContext, type Database, type Log, type TakeTurn } from '@catalyst/service-kit';
import { findOrders } from '../store/orders.ts';
import { readPosition } from '../store/positions.ts';
import type { TendPositions } from './tend-positions.ts';

/**
 * Wall time that a partly filled entry gets to fill completely; with the cancel it stays below the
 * two seconds that shares may be naked.
 */
const PATIENCE_MS = 1000;

interface Deps {
  tend: TendPositions;
  inTurn: TakeTurn;
  database: Database;
  log: Log;
  isReplay: boolean;
}

/**
 * Sees to it that a partly filled entry is protected within two seconds. In a replay the monitoring
 * of the minute does it: no timer decides there.
 */
export const createWatchPartialFills = ({ tend, inTurn, database, log, isReplay }: Deps) => {
  const timers = new Set<NodeJS.Timeout>();

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
      const timer = setTimeout(() => {
        timers.delete(timer);
        void inTurn(() => inContext({ at: null, caller: 'trading' }, () => look(order.id))).catch(
          (error: unknown) => log.error('partial_fill_not_mended', { symbol: order.symbol, error }),
        );
      }, PATIENCE_MS);
      timers.add(timer);
    },
    stop: (): void => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
