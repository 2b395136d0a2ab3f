import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { technicalApi } from '@catalyst/contracts';
import { later, newYorkTime, toTimeId } from '@catalyst/domain';
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
let simulator: Simulator;
let database: TestDatabase;
let service: TestService<typeof technicalApi>;
let symbols: string[];

const at = async <T>(instant: string, work: () => Promise<T>): Promise<T> => {
  await axios.post(`${simulator.url}/sim/step`, { to: instant });
  return atStep(instant, work);
};
const storedMinutes = (until: string) =>
  database.database.query<{
    symbol: string;
    time_id: number;
    volume: string;
    revised_at: string | null;
  }>(
    `SELECT symbol, time_id, volume, revised_at FROM trading_history JOIN securities USING (security_id)
     WHERE timeframe = '1min' AND time_id >= $1 AND time_id < $2 ORDER BY symbol, time_id`,
    [toTimeId(newYorkTime(DATE, '10:00')), toTimeId(until)],
  );

beforeAll(async () => {
  const day = await loadDay(DAY);
  symbols = day.securities.slice(0, 6).map((security) => security.symbol);
  simulator = await startSimulator({ day, market: { late_trades_ratio: 1 } });
  database = await createTestDatabase();
  const [account] = simulator.accounts;
  service = await startTestService(technicalService, {
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
  await at(newYorkTime(DATE, '08:00'), () =>
    service.client().syncReference({ body: { trade_date: DATE } }),
  );
}, 60_000);
afterAll(async () => {
  await service.close();
  await simulator.close();
  await database.drop();
});

describe('bars that late trades correct', () => {
  it('replace what was stored, with the time, and leave nothing of the first values', async () => {
    const start = newYorkTime(DATE, '10:10');
    await at(start, () => service.client().ingestBars({ body: { symbols } }));
    const first = await storedMinutes(start);
    expect(first.length).toBeGreaterThan(0);
    for (let minute = 1; minute <= 3; minute += 1)
      await at(later(start, minute * 60_000), () =>
        service.client().ingestBars({ body: { symbols } }),
      );
    const [account] = simulator.accounts;
    const { data } = await axios.get<{ bars: Record<string, { t: string; v: number }[]> }>(
      `${simulator.url}/v2/stocks/bars`,
      {
        params: {
          symbols: symbols.join(','),
          timeframe: '1Min',
          feed: 'iex',
          start: newYorkTime(DATE, '10:09'),
          end: newYorkTime(DATE, '10:10'),
          limit: 10_000,
        },
        headers: {
          'APCA-API-KEY-ID': account!.key_id,
          'APCA-API-SECRET-KEY': account!.secret_key,
        },
      },
    );
    const vendor = Object.fromEntries(
      Object.entries(data.bars).flatMap(([symbol, bars]) =>
        bars.map(({ t, v }) => [`${symbol} ${toTimeId(t)}`, v]),
      ),
    );
    const now = (await storedMinutes(newYorkTime(DATE, '10:11'))).filter(
      ({ time_id }) => time_id >= toTimeId(newYorkTime(DATE, '10:09')),
    );
    expect(
      Object.fromEntries(now.map((row) => [`${row.symbol} ${row.time_id}`, Number(row.volume)])),
    ).toEqual(vendor);
    const revised = now.filter(({ revised_at }) => revised_at !== null);
    expect(revised.length).toBeGreaterThan(0);
    for (const { symbol, time_id, volume } of revised) {
      const before = first.find((row) => row.symbol === symbol && row.time_id === time_id);
      if (before) expect(volume).not.toBe(before.volume);
    }
  });
});
