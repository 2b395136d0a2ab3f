import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { technicalApi } from '@catalyst/contracts';
import { newYorkTime, toTimeId } from '@catalyst/domain';
import { loadDay, startSimulator, type Simulator } from '@catalyst/simulator';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { createReplayClock } from '@catalyst/service-kit';
import axios from 'axios';
import { createMinutes } from '../src/flows/read-minutes.ts';
import { createReadTradingDay } from '../src/flows/read-trading-day.ts';
import { technicalService } from '../src/service.ts';
import { createStore } from '../src/store/create-store.ts';

const DAY = join(import.meta.dirname, '../../../packages/simulator/days/2026-03-24');
const DATE = '2026-03-24';
type Technical = TestService<typeof technicalApi>;
let simulator: Simulator;
let database: TestDatabase;
let symbols: string[];
/** Runs since the morning. */
let running: Technical;

const start = (): Promise<Technical> => {
  const [account] = simulator.accounts;
  return startTestService(technicalService, {
    database_url: database.url,
    replay_start_at: newYorkTime(DATE, '04:00'),
    env: {
      ALPACA_API_KEY: account!.key_id,
      ALPACA_SECRET_KEY: account!.secret_key,
      ALPACA_TRADING_URL: simulator.url,
      ALPACA_DATA_URL: simulator.url,
      ALPACA_STREAM_URL: simulator.stream_url,
    },
  });
};
const stepTo = (clock: string) =>
  axios.post(`${simulator.url}/sim/step`, { to: newYorkTime(DATE, clock) });
const snapshotsOf = async (service: Technical, clock: string) =>
  (
    await atStep(newYorkTime(DATE, clock), () =>
      service.client().computeSnapshots({ body: { symbols, phase: 'intraday' } }),
    )
  ).snapshots;
/** What a process tells that has just started, on what is stored. */
const snapshotsAnew = async (clock: string) => {
  const service = await start();
  try {
    return await snapshotsOf(service, clock);
  } finally {
    await service.close();
  }
};

beforeAll(async () => {
  const day = await loadDay(DAY);
  symbols = day.securities.slice(0, 6).map((security) => security.symbol);
  simulator = await startSimulator({ day });
  database = await createTestDatabase();
  running = await start();
  await stepTo('08:00');
  await atStep(newYorkTime(DATE, '08:00'), () =>
    running.client().syncReference({ body: { trade_date: DATE } }),
  );
}, 60_000);
afterAll(async () => {
  await running.close();
  await simulator.close();
  await database.drop();
});

describe('what the technical service keeps between two scans', () => {
  it('gives to the bit what a process gives that started in the middle of the day', async () => {
    for (const clock of ['09:35', '09:41', '10:05', '11:30']) {
      await stepTo(clock);
      const kept = await snapshotsOf(running, clock);
      if (clock >= '10:05') expect(kept).toEqual(await snapshotsAnew(clock));
    }
  });

  it('has a bar that came late where it belongs, and no bar twice', async () => {
    const [symbol] = symbols;
    const store = createStore(database.database);
    const clock = createReplayClock(newYorkTime(DATE, '04:00'));
    const readTradingDay = createReadTradingDay(store, clock);
    const { noteStored, readMinutes } = createMinutes(store, clock, 'iex', readTradingDay);
    const read = () => atStep(newYorkTime(DATE, '11:30'), () => readMinutes(symbols));
    const late = toTimeId(newYorkTime(DATE, '10:02'));
    const whole = (await read()).get(symbol!)!;
    const bar = whole.find(({ time_id }) => time_id === late)!;
    await database.database.query(
      `DELETE FROM trading_history h USING securities s
       WHERE s.security_id = h.security_id AND s.symbol = $1 AND h.timeframe = '1min'
         AND h.time_id = $2`,
      [symbol, late],
    );
    noteStored([{ symbol: symbol!, ...bar }]);
    const without = (await read()).get(symbol!)!;
    expect(without).toEqual(whole.filter(({ time_id }) => time_id !== late));

    await store.saveBars(
      '1min',
      'iex',
      [{ symbol: symbol!, ...bar }],
      [],
      newYorkTime(DATE, '11:30'),
    );
    noteStored([{ symbol: symbol!, ...bar }]);
    const both = await Promise.all([read(), read()]);
    for (const lists of both) expect(lists.get(symbol!)).toEqual(whole);
  });

  it('grows by what is stored and reads nothing again, but where a read was under way', async () => {
    const [symbol] = symbols;
    const store = createStore(database.database);
    const clock = createReplayClock(newYorkTime(DATE, '04:00'));
    let reads = 0;
    let meanwhile = async (): Promise<void> => {};
    const counted = {
      ...store,
      readLaterMinutes: async (...asked: Parameters<typeof store.readLaterMinutes>) => {
        reads += 1;
        const rows = await store.readLaterMinutes(...asked);
        await meanwhile();
        return rows;
      },
    };
    const { noteStored, readMinutes } = createMinutes(
      counted,
      clock,
      'iex',
      createReadTradingDay(store, clock),
    );
    const read = async (at: string) =>
      (await atStep(newYorkTime(DATE, at), () => readMinutes([symbol!]))).get(symbol!)!;
    const storeBar = async (at: string): Promise<void> => {
      const bar = { symbol: symbol!, time_id: toTimeId(newYorkTime(DATE, at)) };
      const prices = { open: 10.1, high: 10.25, low: 0.1 + 0.2, close: 10.2, volume: 1234 };
      await store.saveBars('1min', 'iex', [{ ...bar, ...prices }], [], newYorkTime(DATE, at));
      noteStored([{ ...bar, ...prices }]);
    };
    const anew = async (at: string) =>
      (
        await atStep(newYorkTime(DATE, at), () =>
          createMinutes(store, clock, 'iex', createReadTradingDay(store, clock)).readMinutes([
            symbol!,
          ]),
        )
      ).get(symbol!)!;

    const before = await read('11:40');
    await storeBar('11:40');
    const grown = await read('11:41');
    expect(grown).toBe(before);
    expect(grown).toEqual(await anew('11:41'));
    expect(reads).toBe(1);

    meanwhile = () => storeBar('11:43');
    await storeBar('11:41');
    await read('11:30'); // of an earlier minute: another list, which lacks what came since
    expect(reads).toBe(2);
    meanwhile = async () => {};
    expect(await read('11:44')).toEqual(await anew('11:44'));
    expect(reads).toBe(3);
  });
});
