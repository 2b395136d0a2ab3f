import { afterEach, describe, expect, it } from '@jest/globals';
import { at, CYCLE, type OpenDesk, openDesk } from './open-desk.ts';
import { looksUpOrder, placesOrder } from './passings.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const posts = () =>
  desk.broker.seen.filter((passing) => placesOrder(passing) && passing.phase === 'request');
const ordersAtBroker = () => [...desk.simulator.simulation.accounts[0]!.orders.values()];
const once = () => {
  let isFirst = true;
  return () => isFirst && !(isFirst = false);
};

describe('an answer that does not come', () => {
  it('after the broker took the order is looked up, and the order is there once', async () => {
    desk = await openDesk();
    const first = once();
    desk.broker.onPassing((passing) =>
      placesOrder(passing) && passing.phase === 'answer' && first() ? 'drop' : 'pass',
    );
    const { order } = await desk.enter();
    expect(order).toMatchObject({ status: 'new' });
    expect(ordersAtBroker()).toHaveLength(3);
  });

  it('before the broker had the order is looked up, and the order goes out once', async () => {
    desk = await openDesk();
    const first = once();
    desk.broker.onPassing((passing) =>
      placesOrder(passing) && passing.phase === 'request' && first() ? 'drop' : 'pass',
    );
    const { order } = await desk.enter();
    expect(order.status).toBe('pending_new');
    expect(posts()).toHaveLength(2);
    expect(ordersAtBroker()).toHaveLength(3);
  });

  it('ends an entry as refused after three sends and a look, however often it is asked for', async () => {
    desk = await openDesk();
    const submission = await desk.approve({});
    desk.broker.onPassing((passing) =>
      placesOrder(passing) && passing.phase === 'request' ? { status: 503, text: '{}' } : 'pass',
    );
    for (let asked = 0; asked < 3; asked += 1)
      expect((await desk.trading.submitOrder({ body: submission })).order).toMatchObject({
        status: 'refused',
        reason: 'the broker did not take it in 3 tries',
      });
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect(posts()).toHaveLength(3);
    expect(await desk.position()).toMatchObject({ status: 'closed' });
  });

  describe('and a broker that does not say whether it has the order', () => {
    /** The order does not get there, and nobody says so. */
    const silence = async (expires_at = at('10:01')) => {
      desk = await openDesk();
      const submission = await desk.approve({}, { expires_at });
      desk.broker.onPassing((passing) =>
        (placesOrder(passing) && passing.phase === 'request') || looksUpOrder(passing)
          ? 'drop'
          : 'pass',
      );
      await expect(desk.trading.submitOrder({ body: submission })).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
      });
      // nothing is sent blindly
      expect(posts()).toHaveLength(1);
      expect(await desk.orders()).toMatchObject([{ status: 'intended', broker_order_id: null }]);
      desk.broker.onPassing(() => 'pass');
      return submission;
    };

    it('leave the entry intended; asked again, it goes out once', async () => {
      const submission = await silence(at('10:05'));
      await desk.step('10:01');
      expect((await desk.trading.submitOrder({ body: submission })).order.status).toBe(
        'pending_new',
      );
      await desk.settle();
      expect(ordersAtBroker()).toHaveLength(3);
    });

    it('leave it to the next monitoring, while its approval lives', async () => {
      await silence();
      expect(
        (await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } })).mended,
      ).toMatchObject([{ action: 'entry sent again: pending_new', is_refused: false }]);
      expect(ordersAtBroker()).toHaveLength(3);
    });

    it('leave it to be dropped with its reason once its approval ended', async () => {
      await silence();
      await desk.step('10:02');
      expect(
        (await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } })).mended,
      ).toMatchObject([{ is_refused: true }]);
      expect(await desk.orders()).toMatchObject([
        { status: 'refused', reason: expect.stringContaining('approval ended') },
      ]);
      expect(await desk.position()).toMatchObject({ status: 'closed' });
    });
  });

  it('is found at the broker even after its approval ended', async () => {
    desk = await openDesk();
    const submission = await desk.approve({});
    desk.broker.onPassing((passing) =>
      (placesOrder(passing) && passing.phase === 'answer') || looksUpOrder(passing)
        ? 'drop'
        : 'pass',
    );
    // its own trade update tells the desk, if the look-up does not
    await desk.trading.submitOrder({ body: submission }).catch(() => undefined);
    expect(posts()).toHaveLength(1);
    desk.broker.onPassing(() => 'pass');
    await desk.step('10:02');
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '100', is_protected: true });
  });
});
