import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  type Api,
  type ServiceName,
} from '@catalyst/contracts';
import type { Clock, Handlers } from '@catalyst/service-kit';
import {
  createTestDatabase,
  createTestKeys,
  startFixtureService,
  type FixtureService,
  type TestDatabase,
} from '@catalyst/testkit';
import { startFixtureExchange, type FixtureExchange } from './fixture-exchange.ts';
import { createFixtureNews } from './fixture-news.ts';
import { createFixturePattern } from './fixture-pattern.ts';
import { createFixtureReporting } from './fixture-reporting.ts';
import { createFixtureRisk } from './fixture-risk.ts';
import { createFixtureScanner } from './fixture-scanner.ts';
import { createFixtureTechnical } from './fixture-technical.ts';
import { createFixtureTrading } from './fixture-trading.ts';
import { at, createScript, type Call, type Script } from './script.ts';

export interface FixtureFleet {
  exchange: FixtureExchange;
  database: TestDatabase;
  script: Script;
  calls: Call[];
  callsTo(route: string): Call[];
  trading: ReturnType<typeof createFixtureTrading>;
  /** What a workflow of this fleet needs in its environment. */
  env: Record<string, string>;
  keys: ReturnType<typeof createTestKeys>;
  close(): Promise<void>;
}

/**
 * Seven services that answer from a script, over real sockets and the contracts' own schemas,
 * beside the database of the workflow under test. A day that begins later than at 04:00 costs less.
 */
export const startFixtureFleet = async (from = '04:00'): Promise<FixtureFleet> => {
  const database = await createTestDatabase();
  const exchange = await startFixtureExchange(at(from));
  const keys = createTestKeys();
  const calls: Call[] = [];
  const script = createScript();
  const clocks = new Map<ServiceName, Clock>();
  const started: FixtureService[] = [];
  const env: Record<string, string> = { SIMULATOR_URL: exchange.url };

  const start = async <const A extends Api>(
    name: ServiceName,
    api: A,
    handlers: Handlers<A>,
  ): Promise<void> => {
    const recorded = Object.fromEntries(
      Object.entries(handlers as Record<string, (request: { body?: unknown }) => unknown>).map(
        ([route, handle]) => [
          route,
          async (request: { body?: unknown }) => {
            const call: Call = {
              service: name,
              route,
              at: clocks.get(name)!.now(),
              body: request.body,
            };
            calls.push(call);
            await script.beforeCall(call);
            return handle(request);
          },
        ],
      ),
    ) as unknown as Handlers<A>;
    const answering = (clock: Clock): Handlers<A> => {
      clocks.set(name, clock);
      return recorded;
    };
    const options = { keys, replay_start_at: at(from) };
    const service = await startFixtureService(name, api, answering, options);
    env[`${name.toUpperCase()}_URL`] = service.url;
    started.push(service);
  };
  const nowOf = (name: ServiceName) => (): string => clocks.get(name)!.now();

  const trading = createFixtureTrading(database.database, exchange, () =>
    clocks.get('trading')!.latest(),
  );
  await start('news', newsApi, createFixtureNews(nowOf('news')));
  await start(
    'scanner',
    scannerApi,
    createFixtureScanner(script, database.database, nowOf('scanner')),
  );
  await start('technical', technicalApi, createFixtureTechnical(script, nowOf('technical')));
  await start('pattern', patternApi, createFixturePattern(script, nowOf('pattern')));
  await start('risk', riskApi, createFixtureRisk(script, nowOf('risk')));
  await start('trading', tradingApi, trading.handlers);
  await start('reporting', reportingApi, createFixtureReporting(trading.open, nowOf('reporting')));

  return {
    exchange,
    database,
    script,
    calls,
    trading,
    env,
    keys,
    callsTo: (route) => calls.filter((call) => call.route === route),
    close: async () => {
      await Promise.all(started.map((service) => service.close()));
      await exchange.close();
      await database.drop();
    },
  };
};
