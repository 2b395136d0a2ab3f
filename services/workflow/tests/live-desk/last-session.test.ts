import { describe, expect, it } from '@jest/globals';
import { newYorkTime, stableId } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import { DATE } from '../fixture-fleet/script.ts';
import { paperDeskForEach } from './paper-desk.ts';

const desk = paperDeskForEach();

describe('a desk on paper', () => {
  it('is well on a Saturday: it says when it is at work again, and scans the last session once', async () => {
    const saturday = '2026-03-28';
    const workflow = await desk.start('11:00', {}, saturday);
    await eventually(async () =>
      expect(await workflow.showMarket()).toEqual({
        as_of: newYorkTime(saturday, '11:00'),
        session: 'closed',
        closed_because: 'the exchange is closed on 2026-03-28',
        next_session: {
          trade_date: '2026-03-30',
          scan_at: newYorkTime('2026-03-30', '08:00'),
          open_at: newYorkTime('2026-03-30', '09:30'),
          close_at: newYorkTime('2026-03-30', '16:00'),
        },
        last_session_scan: expect.objectContaining({
          session_date: '2026-03-27',
          candidates: ['AAA', 'BBB'],
        }),
      }),
    );
    expect(await workflow.showStanding()).toMatchObject({
      closed_because: 'the exchange is closed on 2026-03-28',
      next_session: { trade_date: '2026-03-30' },
    });
    expect(await workflow.health()).toMatchObject({
      status: 'healthy',
      notes: [
        'closed today: the exchange is closed on 2026-03-28; next: 2026-03-30, scan 08:00, open 09:30, close 16:00 New York',
      ],
    });
    await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      workflow.previewTrade({
        body: { symbol: 'AAA', side: 'buy', by: 'ann', request_id: stableId('saturday') },
      }),
    ).rejects.toMatchObject({ code: 'CYCLE_NOT_ACTIVE' });
    await desk.stop();
    const asked = desk.fleet.callsTo('showLastSessionScan').length;
    await desk.start('12:00', {}, saturday);
    await eventually(async () =>
      expect(desk.fleet.callsTo('showLastSessionScan')).toHaveLength(asked + 1),
    );
    expect(desk.fleet.callsTo('scanLastSession')).toHaveLength(1);
    expect(desk.fleet.callsTo('syncReference')).toHaveLength(2);
  });

  it.each([
    ['04:00', '2026-03-23'],
    ['05:30', '2026-03-23'],
    ['07:59', '2026-03-23'],
    ['14:56', '2026-03-23'],
    ['16:00', DATE],
    ['23:00', DATE],
  ])(
    'that starts for the first time at %s of a trading day scans the session of %s, as what it is',
    async (clock, session_date) => {
      const workflow = await desk.start(clock);
      await eventually(async () =>
        expect((await workflow.showMarket()).last_session_scan).toMatchObject({ session_date }),
      );
      expect(desk.fleet.callsTo('startScan')).toEqual([]);
      // the day in hand knows nothing of it, and nothing of it is proposed
      const { proposals } = await workflow.listProposals({ query: { state: 'all' } });
      expect(proposals).toEqual([]);
      if (clock < '08:00')
        expect(await workflow.showCurrentCycle()).toMatchObject({
          cycle: { trade_date: DATE, state: 'scheduled' },
          candidates: [],
        });
      else await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  it.each([['08:00'], ['11:02'], ['14:55']])(
    'that starts for the first time at %s scans its own day alone',
    async (clock) => {
      await desk.start(clock);
      await eventually(() => expect(desk.fleet.callsTo('startScan')).not.toEqual([]), 20_000);
      await desk.stop();
      expect(desk.fleet.callsTo('scanLastSession')).toEqual([]);
    },
  );

  it('that opened its day scans no session before it when the day gets late', async () => {
    await desk.start('11:02');
    await eventually(async () =>
      expect(await desk.runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    await desk.stop();
    await desk.start('15:10');
    await eventually(() => expect(desk.fleet.callsTo('monitorPositions')).not.toEqual([]));
    await desk.stop();
    expect(desk.fleet.callsTo('scanLastSession')).toEqual([]);
  });

  it('shows the last cycle on a day without one', async () => {
    await desk.start('11:02');
    await eventually(async () =>
      expect(await desk.runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    await desk.stop();
    const workflow = await desk.start('11:00', {}, '2026-03-28');
    await eventually(async () => expect(desk.fleet.callsTo('scanLastSession')).toHaveLength(1));
    expect((await workflow.showCurrentCycle()).cycle.trade_date).toBe(DATE);
  });
});
