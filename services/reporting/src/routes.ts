import type { reportingApi } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Clock, Handlers } from '@catalyst/service-kit';
import { toTrade } from './domain/trade.ts';
import type { createMakeDailyReport } from './flows/make-daily-report.ts';
import type { FindDailyReport, ShowDailyReport } from './flows/show-daily-report.ts';
import type { ShowPerformance } from './flows/show-performance.ts';
import type { TellStory } from './flows/tell-story.ts';
import type { Store } from './store/reports.ts';

interface Deps {
  store: Store;
  clock: Clock;
  makeDailyReport: ReturnType<typeof createMakeDailyReport>;
  findDailyReport: FindDailyReport;
  showDailyReport: ShowDailyReport;
  showPerformance: ShowPerformance;
  tellStory: TellStory;
}

export const createRoutes = ({
  store,
  clock,
  makeDailyReport,
  findDailyReport,
  showDailyReport,
  showPerformance,
  tellStory,
}: Deps): Handlers<typeof reportingApi> => ({
  makeDailyReport: ({ body }) => makeDailyReport(body.cycle_id),
  showDailyReport: ({ params }) => showDailyReport(params.trade_date),
  showPerformance: async ({ query: { period, trade_date, with_report } }) => {
    if (!with_report) return showPerformance(period, trade_date);
    const [performance, report] = await Promise.all([
      showPerformance(period, trade_date),
      findDailyReport(trade_date ?? inNewYork(clock.latest()).date),
    ]);
    return { ...performance, report };
  },
  showJournal: async ({ query }) => {
    const today = inNewYork(clock.latest()).date;
    const trades = await store.latestClosedPositions(query.trade_date ?? null, today, query.limit);
    return { trades: trades.map(toTrade) };
  },
  tellStory: ({ params, query }) => tellStory(params.symbol, query.trade_date ?? null),
});
