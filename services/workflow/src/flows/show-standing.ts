import type { DeskStanding } from '@catalyst/contracts';
import { inNewYork, sessionAt } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { closedBecause } from '../domain/market-standing.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { sessionsAround } from './show-market.ts';

/** What every answer to an agent begins with; risk's silence leaves the trading state unknown. */
export const showStanding = async (
  deps: FlowDeps,
  findDay: () => Promise<CycleDay | null>,
): Promise<DeskStanding> => {
  const as_of = deps.clock.now();
  const { date } = inNewYork(as_of);
  const [trading, sessions, day] = await Promise.all([
    deps.risk.showTradingState().catch((error: unknown) => {
      if (error instanceof AppError && error.retryable) return null;
      throw error;
    }),
    sessionsAround(deps, date),
    findDay(),
  ]);
  const today = sessions.find(({ trade_date }) => trade_date === date);
  return {
    as_of,
    trading,
    cycle: day?.cycle ?? null,
    exchange: today ? sessionAt(today, as_of) : 'closed',
    closed_because:
      day?.cycle.trade_date === date ? null : closedBecause(date, today ?? null, as_of),
    next_session: {
      trade_date: sessions.find(({ open_at }) => open_at > as_of)!.trade_date,
    },
  };
};
