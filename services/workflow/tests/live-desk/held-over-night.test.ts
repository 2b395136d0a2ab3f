import { describe, expect, it } from '@jest/globals';
import { newYorkTime } from '@catalyst/domain';
import { createLineClock } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { workflowService } from '../../src/service.ts';
import { DATE } from '../fixture-fleet/script.ts';
import { paperDeskForEach } from './paper-desk.ts';

const desk = paperDeskForEach();

describe('a desk on paper', () => {
  it.each([
    ['14:56', 'trading', 'monitorPositions'],
    ['15:40', 'closing', 'closeAllPositions'],
  ])(
    'that starts at %s opens the day for what it holds of an earlier one, and for nothing else',
    async (clock, state, act) => {
      await desk.start(clock);
      await eventually(() => expect(desk.fleet.callsTo('syncReference')).toHaveLength(1));
      await desk.stop();
      await expect(desk.runs('true')).resolves.toEqual([]);
      await desk.hold('AAA');
      const workflow = await desk.start(clock);
      await eventually(() => expect(desk.fleet.callsTo(act)).not.toEqual([]));
      expect((await workflow.showCurrentCycle()).cycle.state).toBe(state);
      expect(desk.fleet.callsTo('submitOrder')).toEqual([]);
    },
  );

  it('that holds nothing at 15:05 opens the day within a minute of a share that is bought later', async () => {
    // six seconds a minute; the next look for a day that is not open would be at 15:10
    const line = {
      w0: performance.timeOrigin + performance.now(),
      s0: Date.parse(newYorkTime(DATE, '15:05')) + 55_000,
      f: 10,
    };
    const clock = createLineClock(line);
    const service = await desk.startAs((kit) =>
      workflowService.start({ ...kit, clock, config: { ...kit.config, CLOCK_LINE: line } }),
    );
    await eventually(() => expect(clock.now() > newYorkTime(DATE, '15:06')).toBe(true), 20_000);
    expect(await desk.runs('true')).toEqual([]);
    await desk.hold('AAA');
    const { cycle } = await eventually(
      async () => service.client('cli').showCurrentCycle(),
      30_000,
    );
    expect(cycle.created_at < newYorkTime(DATE, '15:09')).toBe(true);
    await eventually(() => expect(desk.fleet.callsTo('monitorPositions')).not.toEqual([]));
    expect(desk.fleet.callsTo('submitOrder')).toEqual([]);
  });

  it('opens no day after the close for what it holds: the broker takes nothing then', async () => {
    await desk.hold('AAA');
    const workflow = await desk.start('16:01');
    await eventually(() => expect(desk.fleet.callsTo('scanLastSession')).toHaveLength(1));
    const { closed_because, next_session } = await workflow.showMarket();
    expect(closed_because).toContain('ended at 16:00');
    expect(await workflow.showStanding()).toMatchObject({
      closed_because,
      next_session: { trade_date: next_session.trade_date },
    });
    await expect(workflow.showCurrentCycle()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
