import { afterEach, describe, expect, it } from '@jest/globals';
import { at, bar, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

describe('the trade stream', () => {
  it('that is lost while an order fills costs nothing: the desk catches up and stays right', async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 105, 100, 104)));
    await desk.enter();
    await desk.service().close();
    desk.simulator.simulation.stepTo(Date.parse(at('10:01')));
    await desk.restart();
    expect(await desk.position()).toMatchObject({
      status: 'open',
      qty: '100',
      is_protected: true,
      entered_at: at('10:01'),
    });
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      exit_reason: 'target',
      exited_at: at('10:06'),
    });
    const fills = await desk.database.database.query<{ seq: number }>(
      'SELECT seq FROM fills ORDER BY seq',
    );
    expect(fills.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
    });
  });

  it('is drained to a seq that it never sent by asking the broker, and not by waiting', async () => {
    desk = await openDesk();
    const [account] = desk.simulator.simulation.accounts;
    account!.seq += 3;
    // waiting alone would end in TIMED_OUT
    expect(await desk.trading.drainStream({ body: { to_seq: account!.seq } })).toEqual({ seq: 3 });
  });

  it('numbers what happened to orders without a gap', async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 105, 100, 104)));
    await desk.enter();
    await desk.step('10:06');
    const events = await desk.database.database.query<{ seq: number }>(
      'SELECT seq FROM order_events ORDER BY seq',
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const channels = await desk.database.database.query<{ channel: string }>(
      'SELECT channel FROM outbox ORDER BY seq',
    );
    expect(channels.filter(({ channel }) => channel === 'catalyst:order_filled')).toHaveLength(2);
  });
});

describe('a pair of exits', () => {
  it("whose other leg's end the broker does not stream is found ended by the next monitoring", async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 105, 100, 104)), { stream_oco_cancels: false });
    await desk.enter();
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'target' });
    expect((await desk.trading.listOrders({ query: { status: 'open' } })).orders).toMatchObject([
      { role: 'stop', status: 'held' },
    ]);
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect((await desk.trading.listOrders({ query: { status: 'open' } })).orders).toEqual([]);
  });
});
