import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { CYCLE, type OpenDesk, openDesk } from './open-desk.ts';
import { looksUpOrder, placesOrder } from './passings.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

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
      placesOrder(passing) || looksUpOrder(passing) ? 'drop' : 'pass',
    );
    await expect(desk.trading.submitOrder({ body: submission })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    desk.broker.onPassing((passing) => (looksUpOrder(passing) ? 'drop' : 'pass'));
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
      placesOrder(passing) && passing.phase === 'answer' ? { status: 200, text: '<html>' } : 'pass',
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
      placesOrder(passing) &&
      passing.phase === 'request' &&
      JSON.parse(passing.body).type === 'market'
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
