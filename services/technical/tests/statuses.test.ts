import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { technicalApi } from '@catalyst/contracts';
import { dataStreamUrl } from '@catalyst/brokerage';
import { startSimulator, type Simulator } from '@catalyst/simulator';
import {
  createTestDatabase,
  eventually,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { join } from 'node:path';
import { technicalService } from '../src/service.ts';

const DAY = join(import.meta.dirname, '../../../packages/simulator/days/2026-03-24');
let simulator: Simulator;
let database: TestDatabase;
let technical: TestService<typeof technicalApi> | null = null;

const start = async (): Promise<void> => {
  const [account] = simulator.accounts;
  technical = await startTestService(technicalService, {
    database_url: database.url,
    env: {
      ALPACA_API_KEY: account!.key_id,
      ALPACA_SECRET_KEY: account!.secret_key,
      ALPACA_TRADING_URL: simulator.url,
      ALPACA_DATA_URL: simulator.url,
      ALPACA_STREAM_URL: simulator.stream_url,
    },
  });
};
const stop = async (): Promise<void> => {
  await technical?.close();
  technical = null;
};
const rows = <T extends object>(sql: string): Promise<T[]> => database.database.query<T>(sql);
const listening = () =>
  rows<{ since: string; heard_at: string }>('SELECT * FROM v_status_listening');
const statuses = () =>
  rows<{ symbol: string; is_halted: boolean; reason: string; told_at: string }>(
    `SELECT s.symbol, t.is_halted, t.reason, t.told_at FROM v_trading_statuses t
     JOIN securities s USING (security_id)`,
  );
const to = (clock: string) =>
  simulator.simulation.stepTo(Date.parse(`2026-03-24T${clock}:00-04:00`));

beforeAll(async () => {
  simulator = await startSimulator({
    day: DAY,
    at: '10:00',
    faults: [
      { where: { market: 'GRTH' }, when: { from: '10:05', to: '10:30' }, what: { kind: 'halt' } },
    ],
  });
  database = await createTestDatabase();
  await database.database.query("SELECT get_or_create_security('GRTH')");
});
afterAll(async () => {
  await stop();
  await database.drop();
  await simulator.close();
});

it('halts are kept as the exchange tells them; after a break what was told before is older than the listening', async () => {
  await start();
  await eventually(async () => expect(await listening()).toHaveLength(1));
  to('10:06');
  await eventually(async () =>
    expect(await statuses()).toEqual([
      expect.objectContaining({
        symbol: 'GRTH',
        is_halted: true,
        reason: expect.stringMatching(/^Trading Halt: /),
      }),
    ]),
  );
  const [halt] = await statuses();
  expect(halt!.told_at >= (await listening())[0]!.since).toBe(true);
  await stop();
  to('10:32');
  await start();
  await eventually(async () => expect((await listening())[0]!.since > halt!.told_at).toBe(true));
  // the resumption was told to nobody: what stands is the halt, from before the break
  expect(await statuses()).toEqual([halt]);
});

it('the stream is at a host of its own at Alpaca, and elsewhere at the address of the data', () => {
  expect(dataStreamUrl('https://data.alpaca.markets', 'iex')).toBe(
    'wss://stream.data.alpaca.markets/v2/iex',
  );
  expect(dataStreamUrl('http://127.0.0.1:8080', 'sip')).toBe('ws://127.0.0.1:8080/v2/sip');
  expect(dataStreamUrl('https://evil-alpaca.markets', 'sip')).toBe(
    'wss://evil-alpaca.markets/v2/sip',
  );
});
