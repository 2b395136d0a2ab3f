import type { StandingPerformance } from '@catalyst/contracts';
import { inNewYork, subtract, toCents } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Period } from '../domain/period.ts';
import type { Store } from '../store/reports.ts';
import type { LoadPerformance } from './load-performance.ts';

interface Deps {
  store: Store;
  clock: Clock;
  loadPerformance: LoadPerformance;
}

/**
 * Performance of a period that ends with a date, by default today: a later day that is opened
 * already is not what "today" means, nor is the last one that has trades.
 */
export const createShowPerformance =
  ({ store, clock, loadPerformance }: Deps) =>
  async (period: Period, tradeDate?: string): Promise<StandingPerformance> => {
    const today = inNewYork(clock.latest()).date;
    const to = tradeDate ?? today;
    const [{ performance, readings, sessions }, held] = await Promise.all([
      loadPerformance(period, to),
      to < today ? null : store.openPositions(),
    ]);
    const [first, last] = [readings[0], readings.at(-1)];
    return {
      ...performance,
      sessions,
      equity_change_usd:
        first && last ? toCents(subtract(last.equity_usd, first.last_equity_usd)) : null,
      open: held && {
        positions: held.positions,
        unrealized_pnl_usd: toCents(held.unrealized_pnl_usd),
        realized_pnl_usd: toCents(held.realized_pnl_usd),
      },
    };
  };
export type ShowPerformance = ReturnType<typeof createShowPerformance>;
