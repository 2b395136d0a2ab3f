import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import type { SimulatorOptions } from '@catalyst/simulator';
import { bar, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const ordersAtBroker = () => [...desk.simulator.simulation.accounts[0]!.orders.values()];
const aliveAtBroker = () =>
  [...desk.simulator.simulation.accounts[0]!.alive.values()]
    .map(({ type, time_in_force }) => `${type} ${time_in_force}`)
    .sort();
const loseProtection = () =>
  desk.simulator.exchange.cancelAll(desk.simulator.simulation.accounts[0]!, 'ACME');
const monitor = async () => {
  const { mended } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
  await desk.settle();
  return mended.map(({ action }) => action);
};
const protections = async () =>
  (await desk.orders())
    .filter(({ role, order_class }) => role === 'target' && order_class === 'oco')
    .map(({ time_in_force, status }) => `${time_in_force} ${status}`);

describe('a security that takes orders for the day only', () => {
  const faults: SimulatorOptions['faults'] = [
    { where: { market: 'ACME' }, when: {}, what: { kind: 'day_orders_only' } },
  ];
  /** What was mended, as a person is told. */
  const mended = async (): Promise<string[]> =>
    (
      await desk.database.database.query<{ message: string }>(
        "SELECT message FROM alerts WHERE code = 'POSITION_MENDED' ORDER BY last_at",
      )
    ).map(({ message }) => message);
  /** Holds 100 shares whose bracket's exits were canceled, which the desk saw to at once. */
  const openStripped = async (...bars: Parameters<typeof dayWith>) => {
    desk = await openDesk(dayWith(...bars), { faults });
    await desk.enter();
    await desk.step('10:01');
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '100', is_protected: true });
    loseProtection();
    await desk.settle();
    expect(await desk.position()).toMatchObject({ is_protected: true });
  };

  it("gets the desk's bracket once more, for the day, under its own id; its market exit as it is", async () => {
    desk = await openDesk(dayWith(), { faults });
    const { order, position } = await desk.enter();
    expect(order).toMatchObject({ time_in_force: 'day', status: 'pending_new' });
    await desk.step('10:01');
    expect(await desk.position()).toMatchObject({ qty: '100', is_protected: true });
    await desk.trading.closePosition({
      params: { position_id: position.position_id },
      body: { request_id: stableId('close'), by: 'test', reason: 'manual' },
    });
    await desk.step('10:02');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'manual' });
    expect((await desk.orders()).some(({ status }) => status === 'refused')).toBe(false);
  });

  it('gets a refused protection once more, for the day; the book tells both and the audit says so', async () => {
    await openStripped(bar('10:05', 100, 105, 100, 104));
    expect(await monitor()).toEqual([]);
    await eventually(async () =>
      expect(await mended()).toEqual(['ACME: protected 100 with a stop at 98 for the day']),
    );
    expect((await protections()).sort()).toEqual(['day new', 'gtc refused']);
    expect(aliveAtBroker()).toEqual(['limit day', 'stop day']);
    const [first, second] = (await desk.orders())
      .filter(({ role, order_class }) => role === 'target' && order_class === 'oco')
      .sort((left, right) => right.time_in_force.localeCompare(left.time_in_force));
    expect(first!.reason).toContain('only day orders are allowed');
    const audit = await desk.database.database.query<{ details: object }>(
      "SELECT details FROM audit_log WHERE action = 'day_order_intended' AND details ->> 'role' = 'target'",
    );
    expect(audit).toMatchObject([
      {
        details: {
          client_order_id: second!.client_order_id,
          instead_of: first!.client_order_id,
          time_in_force: 'day',
          qty: '100',
        },
      },
    ]);
    expect(await monitor()).toEqual([]);
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      exit_reason: 'target',
      exit_price: '104',
    });
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
      open_orders: 0,
    });
  });

  it('gets the stop of an adopted position for the day too', async () => {
    desk = await openDesk(dayWith(), { faults });
    desk.simulator.exchange.submit(desk.simulator.simulation.accounts[0]!, {
      symbol: 'ACME',
      qty: '10',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
      client_order_id: 'by-hand',
    });
    await desk.step('10:01');
    expect(aliveAtBroker()).toEqual(['stop day']);
    await eventually(async () =>
      expect(await mended()).toEqual(['ACME: protected 10 with a stop at 95 for the day']),
    );
  });

  it('gets protection anew as it expires with the session, for the next one', async () => {
    await openStripped();
    await desk.step('16:00');
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '100', is_protected: true });
    expect((await desk.trading.reconcile({ body: { cycle_id: null } })).differences).toEqual([]);
    expect(
      ordersAtBroker()
        .filter(({ time_in_force, status }) => time_in_force === 'day' && status === 'accepted')
        .map(({ type, expires_at }) => [type, new Date(expires_at).toISOString()]),
    ).toEqual([['limit', '2026-03-11T20:00:00.000Z']]);
    expect(await monitor()).toEqual([]);
  });

  it('gets protection anew when the service starts in the next session', async () => {
    await openStripped();
    await desk.service().close();
    desk.simulator.simulation.stepTo(Date.parse('2026-03-10T16:30:00-04:00'));
    await desk.restart();
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '100', is_protected: true });
    expect(aliveAtBroker()).toEqual(['limit day', 'stop day']);
  });
});

describe('an exit in a halt', () => {
  const faults: SimulatorOptions['faults'] = [
    { where: { market: 'ACME' }, when: { from: '10:02', to: '10:05' }, what: { kind: 'halt' } },
  ];
  const openHalted = async () => {
    desk = await openDesk(dayWith(), { faults });
    const { position } = await desk.enter();
    await desk.step('10:02');
    return position.position_id;
  };

  it('keeps its stop and is tried again each minute until trading resumes', async () => {
    const position_id = await openHalted();
    const asked = {
      params: { position_id },
      body: { request_id: stableId('close'), by: 'test', reason: 'manual' as const },
    };
    expect((await desk.trading.closePosition(asked)).position).toMatchObject({
      status: 'closing',
      exit_reason: 'manual',
    });
    await desk.settle();
    for (const clock of ['10:03', '10:04']) {
      expect(await desk.position()).toMatchObject({
        status: 'closing',
        qty: '100',
        is_protected: true,
      });
      await desk.step(clock);
      expect(await monitor()).toEqual(['exit refused in a halt; protected 100 with a stop at 98']);
    }
    await desk.step('10:05');
    expect(await monitor()).toEqual(['exit taken up again']);
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      exit_reason: 'manual',
      qty: '0',
    });
    expect(aliveAtBroker()).toEqual([]);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
      open_orders: 0,
    });
  });

  it('that everything is asked to make leaves the stop where it is', async () => {
    await openHalted();
    await desk.trading.closeAllPositions({
      body: { request_id: stableId('all'), by: 'test', reason: 'end_of_day' },
    });
    await desk.settle();
    expect(await desk.position()).toMatchObject({
      status: 'closing',
      qty: '100',
      is_protected: true,
    });
    await desk.step('10:05');
    await monitor();
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'end_of_day' });
  });

  it('is taken up after a restart in the halt', async () => {
    const position_id = await openHalted();
    await desk.trading.closePosition({
      params: { position_id },
      body: { request_id: stableId('close'), by: 'test', reason: 'manual' },
    });
    await desk.restart();
    expect(await desk.position()).toMatchObject({
      status: 'closing',
      qty: '100',
      is_protected: true,
    });
    await desk.step('10:05');
    await monitor();
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'manual' });
  });
});
