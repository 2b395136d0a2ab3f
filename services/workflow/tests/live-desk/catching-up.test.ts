import { describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { at } from '../fixture-fleet/script.ts';
import { paperDeskForEach } from './paper-desk.ts';

const desk = paperDeskForEach();

describe('a desk on paper', () => {
  it('opens the cycle of a trading day by itself and catches up what it missed, in the order of the day', async () => {
    const workflow = await desk.start('11:02', { SESSION_MODE: 'supervised' });
    const { cycle } = await eventually(async () => {
      const progress = await workflow.showCurrentCycle();
      expect(progress.cycle.state).toBe('trading');
      return progress;
    });
    expect(cycle).toMatchObject({
      session_mode: 'supervised',
      cycle_id: stableId('cycle', 'test', '2026-03-24'),
    });
    await eventually(async () =>
      expect(await desk.runs("job = 'enter' AND state = 'done'")).toHaveLength(1),
    );
    expect((await desk.runs("job = 'minute' AND state = 'skipped'")).at(-1)).toMatchObject({
      due_at: at('11:01'),
      note: `missed; the run due at ${at('11:02')} does its work`,
    });
  });

  it('finishes what a person said yes to before it stopped, and orders once', async () => {
    let workflow = await desk.start('10:02');
    await eventually(async () =>
      expect((await workflow.showCurrentCycle()).cycle.state).toBe('trading'),
    );
    const { proposal_id } = await workflow.previewTrade({
      body: { symbol: 'NEW', side: 'buy', by: 'ann', request_id: stableId('live') },
    });
    desk.fleet.script.beforeCall = async ({ route }) => {
      if (route === 'submitOrder') throw new AppError('TIMED_OUT', 'the broker did not answer');
    };
    await expect(
      workflow.executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await desk.stop();
    desk.fleet.script.beforeCall = async () => {};
    // later than the proposal would have lived: it was answered in time
    workflow = await desk.start('10:30');
    await eventually(async () =>
      expect((await workflow.listProposals({ query: { state: 'all' } })).proposals).toMatchObject([
        { proposal_id, state: 'executed', outcome: 'submitted' },
      ]),
    );
    expect(
      await workflow.executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).toMatchObject({ state: 'executed' });
    expect(desk.fleet.trading.open()).toHaveLength(1);
    expect(
      await desk.fleet.database.database.query(
        'SELECT count(*)::integer AS n FROM trading_signals',
      ),
    ).toEqual([{ n: 1 }]);
  });
});
