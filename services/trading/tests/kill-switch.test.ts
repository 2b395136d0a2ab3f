import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { createHaltFile } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { approveIn } from './approved-intents.ts';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

const CYCLE = stableId('test-cycle');
const state = (to: string, act: string) =>
  desk.database.database.query(
    `INSERT INTO trading_state_changes (seq, state, act, changed_by, on_behalf_of, reason, changed_at)
     VALUES (next_seq('trading_state'), $1, $2, 'cli', 'ann', 'enough', $3)`,
    [to, act, desk.now()],
  );
const approve = (limit_price: string | null = null) =>
  approveIn(desk.database.database, desk.now(), { limit_price }, { qty: '10' });
const entries = () =>
  [...desk.simulator.simulation.accounts[0]!.orders.values()].filter(
    ({ side, parent_id }) => side === 'buy' && parent_id === null,
  );

describe('a desk that was halted', () => {
  it('enters nothing: neither on an approval from before nor on a new one, and resumed only on a new one', async () => {
    desk = await openLiveDesk();
    const before = await approve();
    await state('halted', 'halt');
    const later = await approve();
    for (const body of [before, later])
      await expect(desk.trading.submitOrder({ body })).rejects.toMatchObject({
        code: 'DESK_STOPPED',
        message: 'nothing is entered: trading is halted: enough',
      });
    await state('active', 'resume');
    await expect(desk.trading.submitOrder({ body: before })).rejects.toMatchObject({
      code: 'APPROVAL_EXPIRED',
      message: expect.stringContaining('is void: the desk was stopped at'),
    });
    expect(entries()).toEqual([]);
    await desk.trading.submitOrder({ body: await approve() });
    expect(entries()).toHaveLength(1);
  });

  it('does not send again an entry of which it does not know whether the broker has it', async () => {
    desk = await openLiveDesk();
    let isSilent = true;
    desk.broker.onPassing(({ method, path, phase }) =>
      isSilent &&
      phase === 'request' &&
      ((method === 'POST' && path === '/v2/orders') || path.includes('by_client_order_id'))
        ? 'drop'
        : 'pass',
    );
    await expect(desk.trading.submitOrder({ body: await approve() })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    await state('halted', 'halt');
    isSilent = false;
    const { mended } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect(mended).toMatchObject([
      { is_refused: true, action: expect.stringContaining('trading is halted: enough') },
    ]);
    expect(entries()).toEqual([]);
  });

  it('takes back an entry that waits, within two seconds of the file, and stays halted when the file is gone', async () => {
    desk = await openLiveDesk();
    await desk.trading.submitOrder({ body: await approve('99') });
    await eventually(() => expect(entries()).toMatchObject([{ status: 'new' }]), 3000);
    const file = createHaltFile(desk.home);
    file.write('enough');
    await eventually(() => expect(entries()).toMatchObject([{ status: 'canceled' }]), 2500);
    file.remove();
    await expect(desk.trading.submitOrder({ body: await approve() })).rejects.toMatchObject({
      code: 'DESK_STOPPED',
      message: 'nothing is entered: trading is halted by the halt file: enough',
    });
    await eventually(async () => expect(await desk.positions()).toEqual([]));
    await state('active', 'resume');
    await desk.trading.submitOrder({ body: await approve() });
  });

  it('sells what it holds where it was told to flatten, though nobody carries it out', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME', 'OTHR');
    await state('flattening', 'flatten');
    await eventually(() => expect(desk.held()).toEqual({}), 3000);
    await eventually(async () => {
      const { positions } = await desk.trading.listPositions({ query: { status: 'closed' } });
      expect(positions).toMatchObject([{ exit_reason: 'manual' }, { exit_reason: 'manual' }]);
    }, 3000);
  });
});
