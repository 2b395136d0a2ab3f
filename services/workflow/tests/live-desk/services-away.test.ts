import { describe, expect, it } from '@jest/globals';
import { AppError } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { at } from '../fixture-fleet/script.ts';
import { paperDeskForEach } from './paper-desk.ts';

const desk = paperDeskForEach();

describe('a desk on paper', () => {
  it('watches its positions though another service is away, and takes the waiting job up again after a restart', async () => {
    desk.fleet.script.triggers = { AAA: ['04:00'] };
    desk.fleet.script.beforeCall = async ({ route }) => {
      if (route === 'checkTriggers') throw new AppError('SERVICE_UNAVAILABLE', 'pattern is away');
    };
    await desk.start('11:02');
    await eventually(
      async () =>
        expect(await desk.runs("state = 'running'")).toMatchObject([
          { job: 'enter', due_at: at('11:02') },
        ]),
      20_000,
    );
    expect(await desk.runs("job = 'minute' AND state = 'done'")).toMatchObject([
      { due_at: at('11:02') },
    ]);
    await desk.stop();
    desk.fleet.script.beforeCall = async () => {};
    await desk.start('11:03');
    await eventually(
      async () =>
        expect(await desk.runs("job = 'enter' AND state = 'done'")).toMatchObject([
          { due_at: at('11:02'), note: 'AAA submitted' },
          { due_at: at('11:03') },
        ]),
      20_000,
    );
    expect(desk.fleet.callsTo('submitOrder')).toHaveLength(1);
  });

  it.each([
    ['ingestBars', 'SERVICE_UNAVAILABLE'],
    ['ingestBars', 'INTERNAL'],
    ['monitorPositions', 'SERVICE_UNAVAILABLE'],
    ['monitorPositions', 'INTERNAL'],
  ] as const)(
    'looks at protection and limits, and flattens over them, though %s ends in %s',
    async (away, code) => {
      desk.fleet.script.flatten_at = '04:00';
      desk.fleet.script.beforeCall = async ({ route }) => {
        if (route === away) throw new AppError(code, 'it is broken');
      };
      await desk.hold('AAA');
      await desk.start('11:02');
      await eventually(() => {
        for (const act of ['monitorPositions', 'checkLimits', 'closeAllPositions', 'ingestBars'])
          expect(desk.fleet.callsTo(act)).not.toEqual([]);
      }, 20_000);
    },
  );

  it('closes at half past three though the cancel of entries fails', async () => {
    desk.fleet.script.beforeCall = async ({ route }) => {
      if (route === 'cancelAllOrders') throw new AppError('OUTCOME_UNKNOWN', 'one entry is stuck');
    };
    await desk.hold('AAA');
    await desk.start('15:30');
    await eventually(() => expect(desk.fleet.callsTo('closeAllPositions')).not.toEqual([]), 20_000);
  });

  it('goes on scanning when no news can be had, and tells it', async () => {
    desk.fleet.script.beforeCall = async ({ route }) => {
      if (route === 'collectNews')
        throw new AppError('SERVICE_UNAVAILABLE', 'the newswire is silent');
    };
    const workflow = await desk.start('08:00');
    await eventually(
      async () => expect((await workflow.showCurrentCycle()).candidates).toEqual(['AAA', 'BBB']),
      25_000,
    );
    expect((await workflow.listAlerts({ query: {} })).alerts).toContainEqual(
      expect.objectContaining({ code: 'NEWS_NOT_COLLECTED', severity: 'warning' }),
    );
  });
});
