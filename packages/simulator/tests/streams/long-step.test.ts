import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFindAccount } from '../../src/find-account.ts';
import { createSimulation, type Simulation } from '../../src/simulation.ts';
import type { Outgoing } from '../../src/stream/outgoing.ts';
import { serveStreams, type Streams } from '../../src/stream/serve-streams.ts';
import type { OpenAccount } from '../open-account.ts';
import { CLOSE, OPEN, at, flat, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from './open-stream.ts';

const SYMBOLS = Array.from({ length: 500 }, (_, index) => `S${index}`);
const MEGABYTE = 1_048_576;
/** Sixteen times as much may wait within one step. */
const SLOW_CLIENT_BYTES = MEGABYTE / 2;

/** Data frames that were made for each account. */
let made: Map<string, number>;
let served: { url: string; server: Server; streams: Streams; simulation: Simulation };
const clients: OpenStream[] = [];
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  served.streams.close();
  served.server.close();
});

const serve = async (): Promise<void> => {
  const simulation = createSimulation({
    day: smallDay({
      bars: Object.fromEntries(SYMBOLS.map((symbol) => [symbol, flat(OPEN, CLOSE, 100)])),
    }),
    at: '09:30',
    accounts: 2,
    cash: '1000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });
  const server = createServer();
  made = new Map();
  const outgoing: Outgoing = (_stream, account, frame, send) => {
    if (frame.kind === 'data')
      made.set(account!.account_number, (made.get(account!.account_number) ?? 0) + 1);
    send(frame);
  };
  const streams = serveStreams(
    server,
    simulation,
    createFindAccount(simulation.accounts, [
      { key_id: 'K0', secret_key: 'S' },
      { key_id: 'K1', secret_key: 'S' },
    ]),
    { slow_client_bytes: SLOW_CLIENT_BYTES, outgoing },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  served = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    streams,
    simulation,
  };
};
const follow = async (index: number, channels: Record<string, string[]>): Promise<OpenStream> => {
  const account = {
    simulator: {
      url: served.url,
      accounts: [0, 1].map((one) => ({ key_id: `K${one}`, secret_key: 'S' })),
    },
  } as unknown as OpenAccount;
  const stream = await openStream(account, '/v2/sip', { index });
  clients.push(stream);
  await stream.authenticate();
  await stream.subscribe(channels);
  return stream;
};

describe('a day of five hundred symbols in one step', () => {
  it('stays within its memory: who cannot be told everything is told 407 and dropped, and nothing more is made for them, while others hear all they want', async () => {
    await serve();
    const greedy = await follow(0, { trades: ['*'], quotes: ['*'], bars: ['*'] });
    const modest = await follow(1, { bars: SYMBOLS.slice(0, 20), dailyBars: ['S7'] });
    let most = 0;
    served.simulation.onClock(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    });
    const before = process.memoryUsage().arrayBuffers;
    served.simulation.stepTo(Date.parse(at('16:00')));
    expect((most - before) / MEGABYTE).toBeLessThan(3 * 16 * (SLOW_CLIENT_BYTES / MEGABYTE));
    expect(await greedy.closed).toBe(1_008);
    const last = greedy.messages().at(-1)!;
    expect(last).toEqual({ T: 'error', code: 407, msg: 'slow client' });
    expect(made.get('SIM000001')).toBeLessThan(400);
    await modest.settled();
    expect(modest.messages('b')).toHaveLength(20 * 390);
    expect(modest.messages('d')).toHaveLength(390);
  }, 60_000);
});
