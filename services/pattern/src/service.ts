import { patternApi } from '@catalyst/contracts';
import type { ServiceSpec } from '@catalyst/service-kit';
import { patternConfig } from './config.ts';
import { createCheckTriggers } from './flows/check-triggers.ts';
import { createDetectPatterns } from './flows/detect-patterns.ts';
import { createReadCharts } from './flows/read-charts.ts';
import { createShowLevels } from './flows/show-levels.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store.ts';

export const patternService: ServiceSpec<typeof patternApi, typeof patternConfig> = {
  name: 'pattern',
  api: patternApi,
  config: patternConfig,
  start: async ({ config, database, clock }) => {
    const store = createStore(database, config.ALPACA_DATA_FEED);
    const readCharts = createReadCharts(store, clock);
    return {
      handlers: createRoutes({
        detectPatterns: createDetectPatterns({
          store,
          clock,
          chartsOf: (session) =>
            session === undefined ? readCharts : createReadCharts(store, clock, session),
        }),
        checkTriggers: createCheckTriggers(clock, readCharts),
        showLevels: createShowLevels(readCharts),
      }),
    };
  },
};
