import { createBrokerage } from '@catalyst/brokerage';
import { technicalApi } from '@catalyst/contracts';
import type { ServiceSpec } from '@catalyst/service-kit';
import { technicalConfig } from './config.ts';
import { createComputeSnapshots } from './flows/compute-snapshots.ts';
import { createEnsureDailyBars } from './flows/ensure-daily-bars.ts';
import { createEnsureProfiles } from './flows/ensure-profiles.ts';
import { createIngestBars } from './flows/ingest-bars.ts';
import { followStatuses } from './flows/follow-statuses.ts';
import { createLastSeen } from './flows/last-seen.ts';
import { createListBars } from './flows/list-bars.ts';
import { createReadBackgrounds } from './flows/read-backgrounds.ts';
import { createMinutes } from './flows/read-minutes.ts';
import { createReadTradingDay, type ReadTradingDay } from './flows/read-trading-day.ts';
import { createRefreshQuotes } from './flows/refresh-quotes.ts';
import { createSelectUniverse } from './flows/select-universe.ts';
import { createStoreCheckedBars } from './flows/store-checked-bars.ts';
import { createSyncReference } from './flows/sync-reference.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store/create-store.ts';

export const technicalService: ServiceSpec<typeof technicalApi, typeof technicalConfig> = {
  name: 'technical',
  api: technicalApi,
  config: technicalConfig,
  start: async ({ config, database, clock, log, metrics }) => {
    const store = createStore(database);
    const broker = createBrokerage({
      config,
      log,
      metrics,
      clock,
      mode: config.TRADING_MODE,
      process: 'technical',
    });
    const feed = config.ALPACA_DATA_FEED;
    const storeCheckedBars = createStoreCheckedBars(store, clock);
    const flowsOf = (
      readTradingDay: ReadTradingDay,
      noteBars: ReturnType<typeof createLastSeen>['noteBars'] = () => {},
    ) => {
      const shared = { store, broker, clock, feed, readTradingDay, storeCheckedBars };
      const ensureDailyBars = createEnsureDailyBars(shared);
      const ensureProfiles = createEnsureProfiles(shared);
      const { forget, readBackgrounds } = createReadBackgrounds({
        ...shared,
        ensureDailyBars,
        ensureProfiles,
      });
      const { noteStored, readMinutes } = createMinutes(store, clock, feed, readTradingDay);
      const ingestBars = createIngestBars({
        ...shared,
        noteStored: (bars) => {
          noteStored(bars);
          noteBars(bars);
        },
      });
      return {
        ingestBars,
        forgetBackgrounds: forget,
        selectUniverse: createSelectUniverse({ ...shared, ensureDailyBars }),
        computeSnapshots: createComputeSnapshots({
          ...shared,
          ingestBars,
          readBackgrounds,
          readMinutes,
        }),
      };
    };
    const seen = createLastSeen(clock);
    const readDay = createReadTradingDay(store, clock);
    const readTradingDay: ReadTradingDay = async () => {
      const day = await readDay();
      seen.noteDay(day);
      return day;
    };
    const refreshQuotes = createRefreshQuotes(store, broker, clock);
    const today = flowsOf(readTradingDay, seen.noteBars);
    // a replay's halts are seen in its bars: a stream that decides would have to be drained
    const statuses =
      config.TRADING_MODE === 'replay' ? null : followStatuses({ store, broker, clock, log });
    return {
      handlers: createRoutes({
        store,
        ingestBars: today.ingestBars,
        refreshQuotes: async (symbols) => {
          const quotes = await refreshQuotes(symbols);
          seen.noteQuotes(quotes);
          return quotes;
        },
        syncReference: createSyncReference({
          store,
          broker,
          clock,
          log,
          home: config.CATALYST_HOME,
          forgetBackgrounds: today.forgetBackgrounds,
        }),
        // by flows of its own, so that whatever the day at hand keeps stays as it is
        flowsOf: (session) =>
          session === undefined ? today : flowsOf(createReadTradingDay(store, clock, session)),
        listBars: createListBars(store, clock, feed, readTradingDay),
      }),
      notes: () => (config.TRADING_MODE === 'replay' ? [] : seen.notes()),
      latest: seen.latest,
      remarks: () =>
        statuses === null || statuses.isListening()
          ? []
          : ["the exchange's halts are not streamed: a silent stock is taken for halted"],
      stop: async () => statuses?.stop(),
    };
  },
};
