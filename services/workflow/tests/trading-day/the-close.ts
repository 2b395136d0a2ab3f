import { expect, it } from '@jest/globals';
import { at } from '../fixture-fleet/script.ts';
import type { TradingDay } from './trading-day.ts';

/** How a day is closed, reconciled and reported, and what is done after it. */
export const theClose = (day: TradingDay): void => {
  it('closes everything half an hour before the close', async () => {
    expect(await day.workflow().advanceReplay({ body: { to: at('15:30') } })).toEqual({
      now: at('15:30'),
      state: 'closing',
    });
    expect(day.fleet.callsTo('closeAllPositions')).toMatchObject([
      { at: at('15:30'), body: { reason: 'end_of_day', by: 'workflow' } },
    ]);
    expect(day.fleet.callsTo('cancelAllOrders')).toHaveLength(1);
  });
  it('reconciles once it is flat, then reports and is closed', async () => {
    const { cycle_id } = day;
    expect((await day.workflow().advanceReplay({ body: { to: at('15:31') } })).state).toBe(
      'reporting',
    );
    expect(day.fleet.callsTo('reconcile').at(-1)!.at).toBe(at('15:31'));
    expect((await day.workflow().advanceReplay({ body: { to: at('15:32') } })).state).toBe(
      'closed',
    );
    expect(day.fleet.callsTo('makeDailyReport')).toMatchObject([
      { at: at('15:32'), body: { cycle_id } },
    ]);
    expect(await day.workflow().showCurrentCycle()).toMatchObject({
      open_positions: 0,
      closed_positions: 2,
      day_pnl_usd: '25',
      cycle: { state: 'closed' },
    });
  });
  it('collects news each hour after the close, and then nothing is left', async () => {
    const before = day.fleet.callsTo('collectNews').length;
    expect(await day.workflow().advanceReplay({ body: { to: at('20:30') } })).toEqual({
      now: at('20:30'),
      state: 'closed',
    });
    expect(
      day.fleet
        .callsTo('collectNews')
        .slice(before)
        .map((call) => call.at),
    ).toEqual([at('17:00'), at('18:00'), at('19:00'), at('20:00')]);
    expect((await day.workflow().showCurrentCycle()).next_job).toBeNull();
  });
};
