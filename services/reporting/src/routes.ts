import type { reportingApi } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Clock, Handlers } from '@catalyst/service-kit';
import { toTrade } from './domain/trade.ts';
import type { createMakeDailyReport } from './flows/make-daily-report.ts';
import type { LoadPerformance } from './flows/load-performance.ts';
import type { ShowDailyReport } from './flows/show-daily-report.ts';
import type { TellStory } from './flows/tell-story.ts';
import type { Store } from './store/reports.ts';

interface Deps {
  store: Store;
  clock: Clock;
  makeDailyReport: ReturnType<typeof createMakeDailyReport>;
  showDailyReport: ShowDailyReport;
  loadPerformance: LoadPerformance;
  tellStory: TellStory;
}

export const createRoutes = ({
  store,
  clock,
  makeDailyReport,
  showDailyReport,
  loadPerformance,
  tellStory,
}: Deps): Handlers<typeof reportingApi> => ({
  makeDailyReport: ({ body }) => makeDailyReport(body.cycle_id),
  showDailyReport: ({ params }) => showDailyReport(params.trade_date),
  showPerformance: async ({ query }) => {
    const tradeDate =
      query.trade_date ?? (await store.latestTradeDate()) ?? inNewYork(clock.now()).date;
    return (await loadPerformance(query.period, tradeDate)).performance;
  },
  showJournal: async ({ query }) => ({
    trades: (await store.latestClosedPositions(query.trade_date ?? null, query.limit)).map(toTrade),
  }),
  tellStory: ({ params, query }) => tellStory(params.symbol, query.trade_date ?? null),
});
