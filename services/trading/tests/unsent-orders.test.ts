import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import type { FaultyBroker } from './faulty-broker.ts';
import { CYCLE, openDesk, type OpenDesk } from './open-desk.ts';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';
import { looksUpOrder, placesOrder } from './passings.ts';

let desk: LiveDesk | OpenDesk;
afterEach(() => desk?.close());

const account = () => desk.simulator.simulation.accounts[0]!;
const takeExitsAway = () => desk.simulator.exchange.cancelAll(account(), 'ACME');
/** What stands for itself beside the entry, oldest first. */
const exits = () =>
  desk.database.database.query(
    `SELECT role, status, reason FROM orders
     WHERE role <> 'entry' AND parent_client_order_id IS NULL ORDER BY created_at, role DESC`,
  );
const sent = () => desk.broker.seen.filter(placesOrder).length;

/**
 * From now on the broker says nothing of orders that are sent, whether it has them or not; with the
 * first the shares are sold.
 */
const muteBroker = (broker: FaultyBroker, answers: { from: 'request' | 'answer' }) => {
  let isMute = true;
  let isSold = false;
  broker.onPassing((passing) => {
    if (!isMute) return 'pass';
    const { phase } = passing;
    if (!placesOrder(passing))
      return looksUpOrder(passing) && phase === 'request' ? 'drop' : 'pass';
    if (phase !== answers.from) return 'pass';
    if (!isSold) {
      takeExitsAway();
      desk.simulator.exchange.closePosition(account(), 'ACME', null);
      isSold = true;
    }
    return 'drop';
  });
  return () => void (isMute = false);
};

describe('a protection of which the broker does not say whether it has it, for shares that are sold meanwhile', () => {
  const loseProtection = async (from: 'request' | 'answer') => {
    const live = await openLiveDesk();
    desk = live;
    await live.hold('ACME');
    const answer = muteBroker(live.broker, { from });
    takeExitsAway();
    await eventually(async () => expect(await live.positions()).toEqual([]), 20_000);
    return answer;
  };

  it('does not stay intended: the desk asks until it knows', async () => {
    const answer = await loseProtection('request');
    expect(await exits()).toMatchObject([
      { role: 'target', status: 'intended' },
      { role: 'exit', status: 'filled' },
    ]);
    answer();
    await eventually(async () =>
      expect(await exits()).toMatchObject([
        // refused where a try was under way until then
        { role: 'target', status: expect.stringMatching(/^(canceled|refused)$/) },
        { role: 'exit', status: 'filled' },
      ]),
    );
    expect([...account().alive.values()]).toEqual([]);
  });

  it('is what the broker says of it, where it had it', async () => {
    const answer = await loseProtection('answer');
    answer();
    await eventually(async () =>
      expect(await exits()).toMatchObject([
        { role: 'target', status: 'canceled', reason: null },
        { role: 'exit', status: 'filled' },
      ]),
    );
  });

  it.each(['a start', 'a minute of the cycle'])(
    'is settled by %s too, and nothing is sent for what is closed',
    async (by) => {
      const replayed = await openDesk();
      desk = replayed;
      await replayed.enter();
      await replayed.step('10:01');
      const answer = muteBroker(replayed.broker, { from: 'request' });
      takeExitsAway();
      await replayed.settle();
      await replayed.step('10:02');
      expect(await replayed.position()).toMatchObject({ status: 'closed' });
      expect(await exits()).toMatchObject([{ status: 'intended' }, { status: 'filled' }]);
      const before = sent();
      answer();
      if (by === 'a start') await replayed.restart();
      else await replayed.trading.monitorPositions({ body: { cycle_id: CYCLE } });
      expect(await exits()).toMatchObject([
        { status: 'canceled', reason: 'its position has closed' },
        { status: 'filled' },
      ]);
      expect(sent()).toBe(before);
    },
  );
});
