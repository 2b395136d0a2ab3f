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
import axios from 'axios';
import { technicalService } from '../src/service.ts';

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

  it('is made anew after a bar that came late', async () => {
    const [symbol] = symbols;
    const minute = toTimeId(newYorkTime(DATE, '10:02'));
    const { database: db } = database;
    const [bar] = await db.query(
      `DELETE FROM trading_history h USING securities s
       WHERE s.security_id = h.security_id AND s.symbol = $1 AND h.timeframe = '1min'
         AND h.time_id = $2 RETURNING h.*`,
      [symbol, minute],
    );
    await stepTo('11:35');
    const without = await snapshotsOf(running, '11:35');
    expect(without).toEqual(await snapshotsAnew('11:35'));

    await db.query(
      'INSERT INTO trading_history SELECT * FROM jsonb_populate_record(NULL::trading_history, $1)',
      [JSON.stringify(bar)],
    );
    const late = await snapshotsOf(running, '11:35');
    expect(late[0]!.relative_volume).toBeGreaterThan(without[0]!.relative_volume!);
    expect(late).toEqual(await snapshotsAnew('11:35'));
  });
});
