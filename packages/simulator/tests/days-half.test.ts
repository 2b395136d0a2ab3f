import { newYorkTime } from '@catalyst/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDay, loadDay, writeDay, type Day, type GeneratedDay } from '../src/day/index.ts';
import { publishedMinute } from './day-prices.ts';
import { openAccount, type OpenAccount } from './open-account.ts';

const DATE = '2025-11-28';
const NOON_CLOSE = 780;

describe('a generated day that closes at 13:00', () => {
  let generated: GeneratedDay;
  let day: Day;
  let account: OpenAccount;
  let dir: string;
  const step = (clock: string) =>
    account.request('POST', '/sim/step', { to: newYorkTime(DATE, clock) });
  beforeAll(async () => {
    generated = generateDay({ trade_date: DATE, seed: 9, symbols: 40 });
    dir = await mkdtemp(join(tmpdir(), 'catalyst-half-day-'));
    await writeDay(generated, dir);
    day = await loadDay(dir);
    account = await openAccount(day, { at: '12:50' });
  });
  afterAll(async () => {
    await account.close();
    await rm(dir, { recursive: true });
  });

  it('is loaded with its early close, and says so', () => {
    expect(day.calendar.find(({ date }) => date === DATE)).toEqual({
      date: DATE,
      open: '09:30',
      close: '13:00',
    });
    expect(day.description).toBe('40 fictional companies on 2025-11-28, which closes at 13:00');
    expect(day.notes.join(' ')).toContain('closes early');
  });

  it('trades until half an hour after its close, most at the open and in the auction of 13:00, about half of a whole day', () => {
    const traded = new Array<number>(1440).fill(0);
    for (const bars of day.minute_bars.values())
      for (const bar of bars) traded[bar.minute] = (traded[bar.minute] ?? 0) + bar.volume;
    const sum = (from: number, to: number): number =>
      traded.slice(from, to).reduce((total, volume) => total + volume, 0);
    expect(sum(NOON_CLOSE + 30, 1440)).toBe(0);
    expect(traded[NOON_CLOSE - 1]).toBeGreaterThan((3 * sum(NOON_CLOSE - 11, NOON_CLOSE - 1)) / 10);
    expect(sum(570, 600)).toBeGreaterThan(1.5 * sum(660, 690));
    const usual = [...day.volume_profile.values()].reduce(
      (total, volumes) => total + volumes.slice(570, 960).reduce((own, volume) => own + volume, 0),
      0,
    );
    expect(sum(570, NOON_CLOSE) / usual).toBeGreaterThan(0.4);
    expect(sum(570, NOON_CLOSE) / usual).toBeLessThan(0.9);
  });

  it('has all its news and events before the close', () => {
    expect(Math.max(...day.news.map((article) => publishedMinute(day, article)))).toBeLessThan(
      NOON_CLOSE,
    );
    expect(Math.max(...day.events.map((event) => event.to_minute))).toBeLessThanOrEqual(NOON_CLOSE);
    expect(generated.truth.traps).toHaveLength(10);
  });

  it('is over at 13:00: the clock closes, an order for the day expires, the next session is told', async () => {
    const { symbol } = day.securities[0]!;
    expect((await account.get('/v2/clock')).body).toMatchObject({
      is_open: true,
      next_close: expect.stringContaining('T13:00:00'),
    });
    const resting = await account.place({ symbol, qty: '1', type: 'limit', limit_price: '1.01' });
    expect(resting.status).toBe(200);
    await step('12:59');
    expect((await account.order(resting.body.id)).status).toBe('new');
    await step('13:00');
    expect((await account.get('/v2/clock')).body).toMatchObject({
      is_open: false,
      next_open: expect.stringContaining('2025-12-01T09:30:00'),
    });
    await step('13:01');
    expect((await account.order(resting.body.id)).status).toBe('expired');
  });
});
