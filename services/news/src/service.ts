import { createBrokerage } from '@catalyst/brokerage';
import { newsApi } from '@catalyst/contracts';
import type { ServiceSpec } from '@catalyst/service-kit';
import { createAlpacaNews } from './adapters/alpaca-news.ts';
import { createSourcesFile } from './adapters/sources-file.ts';
import { newsConfig } from './config.ts';
import { createCollectNews } from './flows/collect-news.ts';
import { createKnowTickers } from './flows/know-tickers.ts';
import { createQueryCatalysts } from './flows/query-catalysts.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store/create-store.ts';

export const newsService: ServiceSpec<typeof newsApi, typeof newsConfig> = {
  name: 'news',
  api: newsApi,
  config: newsConfig,
  start: async ({ config, database, clock, bus, log, metrics }) => {
    const store = createStore(database);
    const broker = createBrokerage({
      config,
      log,
      metrics,
      clock,
      mode: config.TRADING_MODE,
      process: 'news',
    });
    const sourcesFile = createSourcesFile(config.CATALYST_HOME, log);
    const collecting = createCollectNews({
      store,
      vendor: createAlpacaNews(broker.market_data),
      clock,
      bus,
      log,
      tiers: sourcesFile.tiers,
      knowTickers: createKnowTickers(store),
    });
    return {
      handlers: createRoutes({
        store,
        clock,
        collectNews: collecting.collectNews,
        queryCatalysts: createQueryCatalysts({ store, clock, readFaults: collecting.notes }),
      }),
      prepare: collecting.recallFault,
      notes: () => [...collecting.notes(), ...sourcesFile.notes()],
    };
  },
};
