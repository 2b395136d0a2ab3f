import type { DailyReport, DeskStanding, StandingPerformance } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { Services } from '../services.ts';
import type { KeepStanding } from './keep-standing.ts';

/** Performance, and what is needed to say how far the day is. */
export interface PerformanceReading {
  performance: StandingPerformance;
  /** Of a day alone, and null before it is reported. */
  report: DailyReport | null;
  /** The desk's own date, whatever day has a cycle. */
  today: string;
  standing: DeskStanding;
}

/** Reads the performance of a period that ends with a date, by default today. */
export const createReadPerformance =
  ({ reporting }: Pick<Services, 'reporting'>, kept: Pick<KeepStanding, 'read'>) =>
  async (
    period: StandingPerformance['period'],
    tradeDate?: string,
  ): Promise<PerformanceReading> => {
    // the answer's first line asks for it too, so that it is there without another question
    const standing = await kept.read();
    const today = inNewYork(standing.as_of).date;
    if (tradeDate !== undefined && tradeDate > today)
      throw new AppError(
        'INVALID_REQUEST',
        `there is nothing to tell of ${tradeDate} yet: today is ${today}`,
        { today },
      );
    const trade_date = tradeDate ?? today;
    const with_report = String(period === 'daily');
    const { report = null, ...performance } = await reporting.showPerformance({
      query: { period, trade_date, with_report },
    });
    return { performance, report, today, standing };
  };
export type ReadPerformance = ReturnType<typeof createReadPerformance>;
