import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUNDLED_DAY, startReplay } from '@catalyst/testkit';
import { playDay, type PlayedDay } from './trading-day/played-day.ts';
import { itReportsAndKeepsRows } from './trading-day/report-and-rows.ts';
import { itMakesRoundTrips } from './trading-day/round-trips.ts';
import { itTellsStoriesAndSignals } from './trading-day/stories-and-signals.ts';

// filled once the day is played; the facts are about one day, which is costly
const day = {} as PlayedDay;
beforeAll(async () => {
  day.replay = await startReplay({ day_dir: BUNDLED_DAY });
  Object.assign(day, await playDay(day.replay));
}, 240_000);
afterAll(() => day.replay?.stop());

describe('a trading day, from headline to mailed report', () => {
  it('ends closed, flat and reconciled to the cent', async () => {
    const { cycle } = await day.replay.workflow.showCurrentCycle();
    expect(cycle.state).toBe('closed');
    expect(day.report).toMatchObject({ open_positions: 0, open_orders: 0, mode: 'replay' });
    expect(day.report.reconciliation).toMatchObject({
      reconciled: true,
      differences: [],
      open_positions: 0,
      open_orders: 0,
    });
    expect(day.report.reconciliation!.desk_realized_pnl_usd).toBe(
      day.report.reconciliation!.broker_realized_pnl_usd,
    );
  });

  it('goes through its states in order, each one a row', async () => {
    const rows = await day.query<{ to: string }>(
      "SELECT details->>'to' AS to FROM workflow_log WHERE kind = 'transition' ORDER BY seq",
    );
    expect(rows.map((row) => row.to)).toEqual([
      'scheduled',
      'scanning',
      'ready',
      'trading',
      'closing',
      'reporting',
      'closed',
    ]);
  });

  it('narrows a hundred stocks to at most five before the open, and keeps a stage and a reason with numbers for every one', async () => {
    const [scan] = await day.query<{ scan_id: string; counts: Record<string, number> }>(
      "SELECT scan_id, counts FROM scans WHERE phase = 'pre_market' ORDER BY started_at LIMIT 1",
    );
    const counts = Object.values(scan!.counts);
    expect(scan!.counts.universe).toBe(100);
    expect(scan!.counts.ranking).toBe(5);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(
      scan!.counts.catalyst! <= 35 && scan!.counts.technical! <= 20 && scan!.counts.pattern! <= 10,
    ).toBe(true);
    const results = await day.query<{ reason: string }>(
      'SELECT reason FROM scan_results WHERE scan_id = $1',
      [scan!.scan_id],
    );
    expect(results.length).toBeGreaterThanOrEqual(100);
    expect(results.every((row) => row.reason.length >= 5)).toBe(true);
  });

  itMakesRoundTrips(day);
  itTellsStoriesAndSignals(day);
  itReportsAndKeepsRows(day);

  it('refuses a second cycle on the date, a universe outside 50 to 200 and a scan of ten', async () => {
    await expect(
      day.replay.workflow.startCycle({ body: { trade_date: day.replay.trade_date } }),
    ).rejects.toMatchObject({ code: 'CYCLE_EXISTS', status: 409 });
    await expect(
      day.replay.workflow.startCycle({ body: { trade_date: '2026-03-25', universe_size: 10 } }),
    ).rejects.toMatchObject({
      code: 'INVALID_UNIVERSE_SIZE',
      details: { provided: 10, min: 50, max: 200 },
    });
    const { cycle } = await day.replay.workflow.showCurrentCycle();
    await expect(
      day.replay.scanner.startScan({ body: { cycle_id: cycle.cycle_id, universe_size: 10 } }),
    ).rejects.toMatchObject({
      code: 'INVALID_UNIVERSE_SIZE',
      details: { provided: 10, min: 50, max: 200 },
    });
  });
});
