import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { technicalApi, type TechnicalSnapshot } from '@catalyst/contracts';
import { newYorkTime, toTimeId } from '@catalyst/domain';
import { createClient } from '@catalyst/service-kit';
import { importDay } from '@catalyst/simulator';
import { atStep, referenceData, startReplay, type Replay } from '@catalyst/testkit';
import { vendorDays, vendorMinutes, type VendorMinute } from './vendor-bars.ts';

const TIMEOUT_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'catalyst-reference-days-'));
let replay: Replay | undefined;

const begin = async (trade_date: string, ...symbols: string[]): Promise<Replay> => {
  const day_dir = join(folder, `${trade_date}-${symbols.join('-')}`);
  await importDay({
    bars_dir: join(referenceData!, 'bars'),
    trade_date,
    symbols,
    out_dir: day_dir,
  });
  // Held against the vendor's consolidated bars; the feed of a free account shows a few per cent of
  // their volume.
  replay = await startReplay({ day_dir, service_env: { ALPACA_DATA_FEED: 'sip' } });
  return replay;
};
const asWorkflow = ({ desk: { fleet } }: Replay) =>
  createClient(technicalApi, {
    service: 'technical',
    base_url: fleet.urls.technical,
    api_key: fleet.keys.workflow,
  });

/**
 * Conducts to a minute, has the desk fetch the symbol's bars as of it, and returns what it has
 * stored.
 */
const minutesAt = async (day: Replay, symbol: string, clock: string): Promise<VendorMinute[]> => {
  await day.advanceTo(clock);
  const { refused } = await atStep(newYorkTime(day.trade_date, clock), () =>
    asWorkflow(day).ingestBars({ body: { symbols: [symbol] } }),
  );
  expect(refused).toEqual([]);
  const rows = await day.database.query<{
    time_id: number;
    open: number;
    high: number;
    low: number;
    close: number;
    volume: number;
  }>(
    "SELECT time_id, open, high, low, close, volume FROM v_bars WHERE symbol = $1 AND timeframe = '1min' AND time_id >= $2 ORDER BY time_id",
    [symbol, toTimeId(newYorkTime(day.trade_date, '00:00'))],
  );
  return rows.map(({ time_id, open, high, low, close, volume }) => ({
    time_id,
    values: [open, high, low, close, volume],
  }));
};
const finishedBy = (bars: readonly VendorMinute[], date: string, clock: string): VendorMinute[] =>
  bars.filter(({ time_id }) => time_id < toTimeId(newYorkTime(date, clock)));
const snapshotAt = async (
  day: Replay,
  symbol: string,
  clock: string,
  phase: TechnicalSnapshot['phase'],
): Promise<TechnicalSnapshot> => {
  await day.advanceTo(clock);
  const { snapshots } = await atStep(newYorkTime(day.trade_date, clock), () =>
    asWorkflow(day).computeSnapshots({ body: { symbols: [symbol], phase } }),
  );
  return snapshots[0]!;
};
const storedDays = async (day: Replay, symbol: string) => {
  const rows = await day.database.query<{
    date: string;
    open: number;
    high: number;
    low: number;
    close: number;
    volume: number;
  }>(
    "SELECT to_char(to_timestamp(time_id * 60.0) AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS date, open, high, low, close, volume FROM v_bars WHERE symbol = $1 AND timeframe = '1day' ORDER BY time_id",
    [symbol],
  );
  return rows.map(({ date, open, high, low, close, volume }) => ({
    date,
    values: [open, high, low, close, volume],
  }));
};
const transitions = async (day: Replay): Promise<Record<string, string>> => {
  const rows = await day.database.query<{ to: string; at: string }>(
    "SELECT details->>'to' AS to, at FROM workflow_log WHERE kind = 'transition' ORDER BY seq",
  );
  return Object.fromEntries(rows.map(({ to, at }) => [to, at]));
};
const expectClosedAndFlat = async (day: Replay): Promise<void> => {
  const report = await day.finish();
  expect((await day.workflow.showCurrentCycle()).cycle.state).toBe('closed');
  expect(report).toMatchObject({
    open_positions: 0,
    open_orders: 0,
    reconciliation: { reconciled: true, differences: [] },
  });
};

afterEach(async () => {
  await replay?.stop();
  replay = undefined;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (referenceData === null)
  process.stderr.write(
    'left out: whole days of real bars through the fleet, the folder of REFERENCE_DATA is not there\n',
  );
const withReference = referenceData === null ? describe.skip : describe;

withReference('a day of real bars through the whole fleet', () => {
  /** At each of these minutes the desk has what the vendor has of the minutes that are over. */
  const expectVendorsMinutes = async (day: Replay, date: string, ...symbols: string[]) => {
    for (const clock of ['08:17', '09:31', '11:42'])
      for (const symbol of symbols)
        expect(await minutesAt(day, symbol, clock)).toEqual(
          finishedBy(vendorMinutes(symbol, date), date, clock),
        );
    for (const symbol of symbols) {
      await snapshotAt(day, symbol, '11:42', 'intraday');
      expect(await storedDays(day, symbol)).toEqual(vendorDays(symbol, date));
    }
  };

  it(
    'of 2014-06-06 shows AAPL minute by minute as the vendor has it, each bar once it is over',
    async () => expectVendorsMinutes(await begin('2014-06-06', 'AAPL'), '2014-06-06', 'AAPL'),
    TIMEOUT_MS,
  );

  it(
    'of 2013-10-07 shows BAC and SPY minute by minute as the vendor has them, each bar once it is over',
    async () =>
      expectVendorsMinutes(await begin('2013-10-07', 'BAC', 'SPY'), '2013-10-07', 'BAC', 'SPY'),
    TIMEOUT_MS,
  );

  it(
    "of 2014-06-09 knows Apple's seven for one split: no gap of -85 %, raw daily bars as the vendor's, and the day closes with all of its minutes",
    async () => {
      const day = await begin('2014-06-09', 'AAPL');
      // the vendor's first bar straddles the split: it opens in Friday's dollars and is no bar of
      // this day
      const vendor = vendorMinutes('AAPL', '2014-06-09').slice(1);
      const early = await snapshotAt(day, 'AAPL', '09:00', 'pre_market');
      expect(Math.abs(early.gap_ratio!)).toBeLessThan(0.015);
      expect(await minutesAt(day, 'AAPL', '09:31')).toEqual(
        finishedBy(vendor, '2014-06-09', '09:31'),
      );
      const open = await snapshotAt(day, 'AAPL', '09:31', 'intraday');
      expect(open.gap_ratio).toBeGreaterThan(0.002);
      expect(open.gap_ratio).toBeLessThan(0.008);
      // averages in today's dollars as well
      expect(early.indicators.sma_20).toBeGreaterThan(80);
      expect(early.indicators.sma_200).toBeLessThan(95);
      const days = await storedDays(day, 'AAPL');
      expect(days).toEqual(vendorDays('AAPL', '2014-06-09'));
      expect(days.at(-1)).toMatchObject({
        date: '2014-06-06',
        values: [
          expect.any(Number),
          expect.any(Number),
          expect.any(Number),
          645.57,
          expect.any(Number),
        ],
      });
      await expectClosedAndFlat(day);
      expect(await minutesAt(day, 'AAPL', '16:00')).toEqual(
        finishedBy(vendor, '2014-06-09', '16:00'),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'of the half day 2015-12-24 begins to close half an hour before 13:00, and is done by then',
    async () => {
      const day = await begin('2015-12-24', 'GOOG');
      expect((await day.workflow.showCurrentCycle()).cycle).toMatchObject({
        is_half_day: true,
        close_at: '2015-12-24T18:00:00.000Z',
      });
      expect(await minutesAt(day, 'GOOG', '11:00')).toEqual(
        finishedBy(vendorMinutes('GOOG', '2015-12-24'), '2015-12-24', '11:00'),
      );
      await expectClosedAndFlat(day);
      const { trading, closing, closed } = await transitions(day);
      expect([trading, closing]).toEqual(['2015-12-24T14:30:00.000Z', '2015-12-24T17:30:00.000Z']);
      expect(closed! > closing! && closed! <= '2015-12-24T18:00:00.000Z').toBe(true);
    },
    TIMEOUT_MS,
  );
});
