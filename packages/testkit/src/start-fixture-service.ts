import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Api, Caller, ServiceName } from '@catalyst/contracts';
import {
  createApp,
  createKeyRing,
  createLog,
  createMetrics,
  createReplayClock,
  serveApi,
  sha256,
  type Clock,
  type Handlers,
} from '@catalyst/service-kit';

interface Options {
  keys: Record<Caller, string>;
  replay_start_at: string;
}

export interface FixtureService {
  url: string;
  close(): Promise<void>;
}

/**
 * A neighbour of the service under test, in a replay: answers from handlers by its contract, over a
 * real socket and at the caller's step time. It needs neither database nor Redis, which would be most
 * of what a test with seven neighbours costs.
 */
export const startFixtureService = async <const A extends Api>(
  name: ServiceName,
  api: A,
  createHandlers: (clock: Clock) => Handlers<A>,
  { keys, replay_start_at }: Options,
): Promise<FixtureService> => {
  const replay = createReplayClock(replay_start_at);
  const hashes = Object.entries(keys).map(([caller, key]) => [caller, sha256(key)] as const);
  const app = createApp();
  app.get(['/health/live', '/health/ready', '/health/status'], (_request, response) => {
    response.json({ status: 'healthy' });
  });
  app.use(
    serveApi(name, api, createHandlers(replay), {
      findKey: createKeyRing(name, Object.fromEntries(hashes)),
      log: createLog(name, 'error'),
      metrics: createMetrics(name),
      replay,
      hold: replay.hold,
      delay_max_ms: 0,
    }),
  );
  const server = createServer(app);
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
