import { expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { openDay } from '../fixture-fleet/open-day.ts';
import { at, DATE } from '../fixture-fleet/script.ts';
import type { TradingDay } from './trading-day.ts';

/** How a day is opened, and what it does until 08:00. */
export const beforeTheOpen = (day: TradingDay): void => {
  it('is not advanced before its cycle is opened', async () => {
    await expect(day.workflow().advanceReplay({ body: { to: at('04:05') } })).rejects.toMatchObject(
      {
        code: 'CYCLE_NOT_ACTIVE',
      },
    );
    await expect(day.workflow().showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  it('refuses a universe outside 50-200 with what was given, the least and the most', async () => {
    for (const universe_size of [49, 201, 99.5]) {
      await expect(day.workflow().startCycle({ body: { universe_size } })).rejects.toMatchObject({
        code: 'INVALID_UNIVERSE_SIZE',
        details: { provided: universe_size, min: 50, max: 200 },
      });
    }
  });
  it('refuses a date on which the exchange is closed, and names the next session', async () => {
    await expect(
      day.workflow().startCycle({ body: { trade_date: '2026-04-03' } }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('next trading day is 2026-04-06'),
    });
  });
  it('opens as scheduled, once per date', async () => {
    const { cycle } = await openDay(day.workflow());
    const { cycle_id } = cycle;
    day.cycle_id = cycle_id;
    expect(cycle).toMatchObject({
      cycle_id: stableId('cycle', 'test', DATE),
      trade_date: DATE,
      state: 'scheduled',
      session_mode: 'autonomous',
      universe_size: 100,
      open_at: at('09:30'),
      close_at: at('16:00'),
      is_half_day: false,
      created_at: at('04:00'),
    });
    await expect(day.workflow().startCycle({ body: {} })).rejects.toMatchObject({
      code: 'CYCLE_EXISTS',
      status: 409,
      details: { cycle_id },
    });
  });
  it('collects news before the open, each collection at its own step time', async () => {
    await day.workflow().advanceReplay({ body: { to: at('07:59') } });
    expect(day.fleet.callsTo('collectNews').map((call) => call.at)).toEqual(
      Array.from({ length: 48 }, (_, index) =>
        new Date(Date.parse(at('04:00')) + index * 300_000).toISOString(),
      ),
    );
    expect(day.fleet.exchange.now).toBe(at('07:59'));
  });
  it('scans at 08:00, is ready, and says what is next', async () => {
    const { cycle_id } = day;
    expect(await day.workflow().advanceReplay({ body: { to: at('08:00') } })).toEqual({
      now: at('08:00'),
      state: 'ready',
    });
    expect(day.fleet.callsTo('startScan')).toMatchObject([
      {
        at: at('08:00'),
        body: {
          cycle_id,
          universe_size: 100,
          phase: 'pre_market',
          wait: true,
          scan_id: stableId('scan', cycle_id, at('08:00')),
        },
      },
    ]);
    expect(await day.workflow().showCurrentCycle()).toMatchObject({
      as_of: at('08:00'),
      candidates: ['AAA', 'BBB'],
      next_job: { job: 'collect_news', due_at: at('08:05') },
      open_positions: 0,
      closed_positions: 0,
      day_pnl_usd: '0',
    });
  });
};
