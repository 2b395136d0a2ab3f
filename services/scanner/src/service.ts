import { newsApi, patternApi, scannerApi, technicalApi } from '@catalyst/contracts';
import type { ServiceSpec } from '@catalyst/service-kit';
import { createRulesFile } from './adapters/rules-file.ts';
import { scannerConfig } from './config.ts';
import { createReadScan } from './flows/read-scan.ts';
import { createRunFunnel } from './flows/run-funnel.ts';
import { createStartScan } from './flows/start-scan.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store.ts';

// longer than a restart of the service that is called
const RETRY_FOR_MS = 10_000;

export const scannerService: ServiceSpec<typeof scannerApi, typeof scannerConfig> = {
  name: 'scanner',
  api: scannerApi,
  config: scannerConfig,
  start: async ({ config, database, clock, bus, log, client }) => {
    const store = createStore(database);
    const rulesFile = createRulesFile(config.CATALYST_HOME, log);
    const readScan = createReadScan(store);
    const options = { retry_for_ms: RETRY_FOR_MS };
    const runFunnel = createRunFunnel({
      store,
      clock,
      rules: rulesFile.rules,
      news: client('news', newsApi, options),
      technical: client('technical', technicalApi, options),
      pattern: client('pattern', patternApi, options),
    });
    const { startScan, stop } = createStartScan({ store, clock, bus, log, runFunnel, readScan });
    return {
      handlers: createRoutes({ store, clock, startScan, readScan }),
      notes: rulesFile.notes,
      stop,
    };
  },
};
