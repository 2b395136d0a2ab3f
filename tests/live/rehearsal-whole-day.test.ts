import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nyseCalendarDay, tradingHours } from '@catalyst/domain';
import type { RehearsalResult } from '@catalyst/platform';
import { BUNDLED_DAY, latestMails, startRehearsal, type Rehearsal } from '@catalyst/testkit';
import PostalMime from 'postal-mime';

const DATE = '2026-03-24';
/** What a replay of the day enters, in this order; `npm run demo` shows it. */
const REPLAYED = ['PLSD', 'GLPR', 'SLTM', 'GRTH', 'WLFR', 'FLIN', 'WLWS'];

let rehearsal: Rehearsal;
let result: RehearsalResult;

beforeAll(async () => {
  rehearsal = await startRehearsal({ day_dir: BUNDLED_DAY, date: DATE, from: '04:00' });
  await rehearsal.runTo('16:10');
  result = await rehearsal.measure();
}, 360_000);
afterAll(() => rehearsal?.stop(), 60_000);

describe('a whole day of the paper desk on an exchange like a new paper account', () => {
  it('watches every minute, leaves no share without a stop, and ends flat and reconciled', () => {
    expect(result).toMatchObject({
      mode: 'paper',
      rehearsal: true,
      minutes: 360,
      minutes_run: 360,
      naked_seconds: 0,
      open_positions: 0,
      reconciled: true,
      http_429: 0,
    });
  });

  it('enters although bars come a second after their minute, each order in the minute that follows', async () => {
    const entered = await rehearsal.database.query<{ symbol: string }>(
      'SELECT symbol FROM v_positions WHERE entered_qty > 0 ORDER BY entered_at, symbol',
    );
    const symbols = entered.map(({ symbol }) => symbol);
    expect(symbols.toSorted()).toEqual(REPLAYED.toSorted());
    expect(result.trigger_to_order_s.max).toBeLessThan(60);
    expect(result.trigger_to_order_s.p50).toBeGreaterThanOrEqual(0.7);
  });

  it('runs the jobs in the order of the table', async () => {
    const runs = await rehearsal.database.query<{ job: string; due_at: string }>(
      "SELECT job, due_at FROM job_runs WHERE state = 'done' ORDER BY started_at, due_at",
    );
    const due = runs.map(({ due_at }) => due_at);
    expect(due).toEqual(due.toSorted());
    const { open_at, close_at } = tradingHours(nyseCalendarDay(DATE)!);
    expect(due.filter((at) => at >= open_at && at <= close_at).length).toBeGreaterThan(700);
  });

  it('asks the broker far less than it may', () => {
    expect(result.requests_per_minute_max).toBeLessThan(200);
  });

  it('mails the report', async () => {
    const mails = await Promise.all(latestMails(rehearsal).map((text) => PostalMime.parse(text)));
    expect(mails.some(({ subject }) => subject?.includes(DATE))).toBe(true);
  });
});
