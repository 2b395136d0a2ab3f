import type { technicalApi } from '@catalyst/contracts';
import type { TradeDate } from '@catalyst/domain';
import { AppError, type Handlers } from '@catalyst/service-kit';
import type { createComputeSnapshots } from './flows/compute-snapshots.ts';
import type { IngestBars } from './flows/ingest-bars.ts';
import type { createListBars } from './flows/list-bars.ts';
import type { createRefreshQuotes } from './flows/refresh-quotes.ts';
import type { createSelectUniverse } from './flows/select-universe.ts';
import type { createSyncReference } from './flows/sync-reference.ts';
import type { Store } from './store/create-store.ts';

interface Deps {
  syncReference: ReturnType<typeof createSyncReference>;
  ingestBars: IngestBars;
  /** Of the day at hand, or of a session that is over. */
  flowsOf(session_date: TradeDate | undefined): {
    selectUniverse: ReturnType<typeof createSelectUniverse>;
    computeSnapshots: ReturnType<typeof createComputeSnapshots>;
  };
  listBars: ReturnType<typeof createListBars>;
  refreshQuotes: ReturnType<typeof createRefreshQuotes>;
  store: Store;
}

export const createRoutes = ({
  syncReference,
  ingestBars,
  flowsOf,
  listBars,
  refreshQuotes,
  store,
}: Deps): Handlers<typeof technicalApi> => ({
  syncReference: ({ body }) => syncReference(body.trade_date),
  selectUniverse: ({ body: { session_date, limit, symbols_with_news } }) =>
    flowsOf(session_date).selectUniverse(limit, symbols_with_news),
  ingestBars: ({ body }) => ingestBars(body.symbols),
  computeSnapshots: async ({ body: { session_date, symbols, phase } }) => ({
    snapshots: await flowsOf(session_date).computeSnapshots(symbols, phase),
  }),
  refreshQuotes: async ({ body }) => ({ quotes: await refreshQuotes(body.symbols) }),
  listBars: async ({ params, query }) => ({
    symbol: params.symbol,
    timeframe: query.timeframe,
    bars: await listBars(params.symbol, query.timeframe, query.limit),
  }),
  showIndicators: async ({ params, query }) => {
    const row = await store.readLastIndicators(params.symbol, query.timeframe);
    if (!row)
      throw new AppError(
        'NOT_FOUND',
        `no ${query.timeframe} indicators of ${params.symbol} are stored`,
        { symbol: params.symbol, timeframe: query.timeframe },
      );
    const { time_id, ...indicators } = row;
    return { symbol: params.symbol, timeframe: query.timeframe, time_id, indicators };
  },
});
