import type { MarketStanding, StandingPerformance } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

/** Performance, and what is needed to say how far the day is. */
export interface PerformanceReading {
  performance: StandingPerformance;
  /** The desk's own date, whatever day has a cycle. */
  today: string;
  market: MarketStanding;
}

/** Reads the performance of a period that ends with a date, by default today. */
export const createReadPerformance =
  ({ workflow, reporting }: Pick<Services, 'workflow' | 'reporting'>) =>
  async (
    period: StandingPerformance['period'],
    tradeDate?: string,
  ): Promise<PerformanceReading> => {
    const market = await workflow.showMarket();
    const today = inNewYork(market.as_of).date;
    if (tradeDate !== undefined && tradeDate > today)
      throw new AppError(
        'INVALID_REQUEST',
        `there is nothing to tell of ${tradeDate} yet: today is ${today}`,
        { today },
      );
    const query = { period, trade_date: tradeDate ?? today };
    return { performance: await reporting.showPerformance({ query }), today, market };
  };
export type ReadPerformance = ReturnType<typeof createReadPerformance>;
