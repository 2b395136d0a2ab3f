import { expect, it } from '@jest/globals';
import { at } from '../fixture-fleet/script.ts';
import type { TradingDay } from './trading-day.ts';

/** Whom the desk watches, how often it scans, and until when it enters. */
export const untilTheLastHour = (day: TradingDay): void => {
  it('watches what is held and whom news moves, each minute', async () => {
    const last = day.fleet.callsTo('ingestBars').at(-1)!;
    expect(last.body).toEqual({ symbols: ['AAA', 'BBB'] });
  });
  it('takes the candidates of a new scan, with their bars, in the same minute', async () => {
    day.fleet.script.candidates = ['CCC', 'AAA'];
    await day.workflow().advanceReplay({ body: { to: at('10:35') } });
    expect(
      day.fleet.callsTo('ingestBars').map(({ at: when, body }) => [when, body]),
    ).toContainEqual([at('10:35'), { symbols: ['CCC'] }]);
    expect(day.fleet.callsTo('checkTriggers').at(-1)).toMatchObject({
      at: at('10:35'),
      body: { symbols: ['CCC'] },
    });
  });
  it('is scanned less often at midday', async () => {
    await day.workflow().advanceReplay({ body: { to: at('12:31') } });
    expect(
      day.fleet
        .callsTo('startScan')
        .map((call) => call.at)
        .slice(-4),
    ).toEqual([at('11:45'), at('12:00'), at('12:15'), at('12:30')]);
  });
  it('enters at the last minute before the last hour and not after', async () => {
    await day.workflow().advanceReplay({ body: { to: at('15:29') } });
    expect(day.fleet.callsTo('checkOrder').at(-1)).toMatchObject({
      at: at('14:59'),
      body: { symbol: 'CCC' },
    });
    expect(day.fleet.callsTo('checkTriggers').at(-1)!.at).toBe(at('14:59'));
    expect(day.fleet.callsTo('startScan').at(-1)!.at).toBe(at('14:55'));
  });
};
