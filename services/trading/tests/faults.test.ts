import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import { openDesk, type OpenDesk } from './open-desk.ts';
import { at, bar, dayWith } from './quiet-day.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const CYCLE = stableId('test-cycle');
const isPost = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/v2/orders';
const posts = () =>
  desk.broker.seen.filter((passing) => isPost(passing) && passing.phase === 'request');
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
      isPost(passing) && passing.phase === 'answer' && first() ? 'drop' : 'pass',
    );
    const { order } = await desk.enter();
    expect(order).toMatchObject({ status: 'new' });
    expect(ordersAtBroker()).toHaveLength(3);
  });

  it('before the broker had the order is looked up, and the order goes out once', async () => {
    desk = await openDesk();
    const first = once();
    desk.broker.onPassing((passing) =>
      isPost(passing) && passing.phase === 'request' && first() ? 'drop' : 'pass',
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
      isPost(passing) && passing.phase === 'request' ? { status: 503, text: '{}' } : 'pass',
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
    const isLookUp = ({ path }: { path: string }) => path.includes('by_client_order_id');
    /** The order does not get there, and nobody says so. */
    const silence = async (expires_at = at('10:01')) => {
      desk = await openDesk();
      const submission = await desk.approve({}, { expires_at });
      desk.broker.onPassing((passing) =>
        (isPost(passing) && passing.phase === 'request') || isLookUp(passing) ? 'drop' : 'pass',
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
      (isPost(passing) && passing.phase === 'answer') || passing.path.includes('by_client_order_id')
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

describe('a broker in trouble', () => {
  const close = (position_id: string) =>
    desk.trading.closePosition({
      params: { position_id },
      body: { request_id: stableId('close'), by: 'test', reason: 'manual' },
    });

  it('gets no more entries at an open breaker, and every exit', async () => {
    desk = await openDesk();
    const { position } = await desk.enter();
    await desk.step('10:01');
    let isDown = true;
    desk.broker.onPassing((passing) =>
      isDown && passing.phase === 'request' ? { status: 503, text: '{}' } : 'pass',
    );
    await expect(
      desk.trading.submitOrder({ body: await desk.approve({ symbol: 'OTHR' }) }),
    ).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await expect(desk.trading.reconcile({ body: { cycle_id: null } })).rejects.toMatchObject({
      code: 'VENDOR_UNAVAILABLE',
    });
    const before = desk.broker.seen.length;
    await desk.trading.reconcile({ body: { cycle_id: null } }).catch(() => undefined);
    expect(desk.broker.seen.length).toBe(before);
    isDown = false;
    expect((await close(position.position_id)).position.status).toBe('closing');
    await desk.step('10:02');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'manual' });
  });

  it('keeps no position from being tended by the trouble of another', async () => {
    desk = await openDesk();
    await desk.enter({ symbol: 'OTHR' });
    await desk.step('10:01');
    const [account] = desk.simulator.simulation.accounts;
    const submission = await desk.approve({});
    desk.broker.onPassing((passing) =>
      isPost(passing) || passing.path.includes('by_client_order_id') ? 'drop' : 'pass',
    );
    await expect(desk.trading.submitOrder({ body: submission })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    desk.broker.onPassing((passing) =>
      passing.path.includes('by_client_order_id') ? 'drop' : 'pass',
    );
    desk.simulator.exchange.cancelAll(account!, 'OTHR');
    await desk.settle();
    const { mended } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect(mended).toMatchObject([{ symbol: 'ACME', action: expect.stringMatching(/^failed: /) }]);
    await desk.settle();
    expect(
      (await desk.trading.listPositions({ query: { status: 'open' } })).positions.find(
        ({ symbol }) => symbol === 'OTHR',
      ),
    ).toMatchObject({ is_protected: true });
  });
});

describe('a vendor that answers garbage', () => {
  it('fails the monitoring by the name of the field and changes nothing', async () => {
    desk = await openDesk();
    desk.broker.onPassing(({ path, phase }) =>
      phase === 'answer' && path === '/v2/account'
        ? { status: 200, text: '{"account_number":"1","status":"ACTIVE","equity":"plenty"}' }
        : 'pass',
    );
    await expect(
      desk.trading.monitorPositions({ body: { cycle_id: CYCLE } }),
    ).rejects.toMatchObject({ code: 'VENDOR_ANSWERED_GARBAGE', details: { field: 'equity' } });
    expect(await desk.trading.showAccount({})).toMatchObject({ equity_usd: '100000' });
  });

  it('to an order is not believed: the order is looked up', async () => {
    desk = await openDesk();
    desk.broker.onPassing((passing) =>
      isPost(passing) && passing.phase === 'answer' ? { status: 200, text: '<html>' } : 'pass',
    );
    expect((await desk.enter()).order.status).toBe('new');
  });
});

describe('an exit that the broker refuses while legs hold the shares', () => {
  it('leaves the position protected again and on its way out: the next minute tries again', async () => {
    desk = await openDesk();
    const { position } = await desk.enter();
    await desk.step('10:01');
    desk.broker.onPassing((passing) =>
      isPost(passing) && passing.phase === 'request' && JSON.parse(passing.body).type === 'market'
        ? {
            status: 403,
            text: '{"code":40310000,"message":"insufficient qty available for order (requested: 100, available: 0)"}',
          }
        : 'pass',
    );
    const answer = await desk.trading.closePosition({
      params: { position_id: position.position_id },
      body: { request_id: stableId('close'), by: 'test', reason: 'manual' },
    });
    await desk.settle();
    expect(answer).toMatchObject({
      position: { status: 'closing', qty: '100', exit_reason: 'manual' },
      left: { symbol: 'ACME', is_naked: false, why: expect.stringContaining('exit refused') },
    });
    expect(await desk.position()).toMatchObject({ is_protected: true });
    expect((await desk.orders()).filter(({ role }) => role === 'exit')).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('insufficient qty') },
    ]);
    desk.broker.onPassing(() => 'pass');
    await desk.step('10:02');
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    await desk.step('10:03');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'manual' });
  });
});

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

describe('the start', () => {
  it("is refused on another account than the desk's", async () => {
    desk = await openDesk();
    await desk.database.database.query("UPDATE desk SET account = 'PA-OTHER'");
    await expect(desk.restart({ DESK_ACCOUNT: 'PA-OTHER' })).rejects.toThrow(
      /DESK_ACCOUNT is PA-OTHER/,
    );
  });

  it('waits for a broker that is silent, not ready, and goes on when it answers', async () => {
    desk = await openDesk();
    await desk.service().close();
    let isSilent = true;
    let dropped = 0;
    desk.broker.onPassing(({ phase }) => {
      if (!isSilent || phase !== 'request') return 'pass';
      dropped += 1;
      return 'drop';
    });
    let isReady = false;
    const started = desk.restart().then(() => {
      isReady = true;
      return 'ready';
    });
    // a broker's call is tried four times: it has begun anew by then
    await eventually(() => expect(dropped).toBeGreaterThan(8), 30_000);
    expect(isReady).toBe(false);
    isSilent = false;
    expect(await started).toBe('ready');
    await desk.enter();
    expect(ordersAtBroker()).toHaveLength(3);
  });

  it.each([
    [401, '{"code":40110000,"message":"request is not authorized"}'],
    [403, '{"message":"forbidden."}'],
  ])('ends at once where the broker refuses the keys with %d', async (status, text) => {
    desk = await openDesk();
    await desk.service().close();
    desk.broker.onPassing(({ phase, path }) =>
      phase === 'request' && path === '/v2/account' ? { status, text } : 'pass',
    );
    await expect(desk.restart()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('alpaca refuses ALPACA_API_KEY and ALPACA_SECRET_KEY'),
    });
  });
});
