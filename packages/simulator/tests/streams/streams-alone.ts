import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFindAccount } from '../../src/find-account.ts';
import { createSimulation } from '../../src/simulation.ts';
import { serveStreams, type StreamOptions, type Streams } from '../../src/stream/serve-streams.ts';
import type { OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

/** A simulator's streams alone, with what only tests change. */
export const serveStreamsAlone = async (
  options: StreamOptions,
  day = quietDay([]),
): Promise<{
  url: string;
  server: Server;
  streams: Streams;
  simulation: ReturnType<typeof createSimulation>;
}> => {
  const simulation = createSimulation({
    day,
    at: '10:00',
    accounts: 1,
    cash: '1000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });
  const server = createServer();
  const served = serveStreams(
    server,
    simulation,
    createFindAccount(simulation.accounts, [{ key_id: 'K', secret_key: 'S' }]),
    options,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    streams: served,
    simulation,
  };
};

/** What `openStream` asks of an account, for such streams. */
export const asAccount = (url: string): OpenAccount =>
  ({
    simulator: { url, accounts: [{ key_id: 'K', secret_key: 'S', account_number: '1' }] },
  }) as unknown as OpenAccount;
