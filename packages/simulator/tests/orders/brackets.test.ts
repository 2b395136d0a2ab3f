import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { bar, quietDay } from '../small-day.ts';

let account: OpenAccount;
const open = async (day: Day, options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> =>
  (account = await openAccount(day, options));
afterEach(() => account.close());

const events = (): string[] =>
  account
    .updates()
    .map(({ event, order }) => `${event} ${String(order.side)} ${String(order.type)}`);
const bracket = (fields: Record<string, unknown> = {}) => ({
  order_class: 'bracket',
  take_profit: { limit_price: '104' },
  stop_loss: { stop_price: '98' },
  ...fields,
});

describe('a bracket', () => {
  it('holds its legs until the entry is completely filled, then the target is new and the stop held', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1300' }));
    const statuses = async () =>
      (await account.order(body.id)).legs.map((leg: { status: string }) => leg.status);
    await account.step('10:01');
    expect(await statuses()).toEqual(['held', 'held']);
    await account.step('10:02');
    expect(await statuses()).toEqual(['new', 'held']);
    const [position] = (await account.get('/v2/positions')).body;
    expect(position).toMatchObject({ qty: '1300', qty_available: '0' });
    const listed = (await account.get('/v2/orders?status=open')).body;
    expect(listed.map((order: { type: string }) => order.type)).toEqual(['limit']);
  });

  it('counts the stop when one bar touches both exits, and never fills both', async () => {
    await open(quietDay([bar(601, 100, 105, 97, 100)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:02');
    const [target, stop] = (await account.order(body.id)).legs;
    expect(target).toMatchObject({ status: 'replaced', filled_qty: '0', replaced_by: stop.id });
    expect(stop).toMatchObject({ status: 'filled', filled_qty: '100' });
    expect((await account.get('/v2/positions')).body).toEqual([]);
    expect(events().slice(-3)).toEqual(['replaced sell limit', 'new sell stop', 'fill sell stop']);
  });

  it('cancels the stop in the same instant in which the target fills', async () => {
    await open(quietDay([bar(601, 100, 105, 100, 104)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:02');
    const [target, stop] = (await account.order(body.id)).legs;
    expect(target).toMatchObject({ status: 'filled', filled_avg_price: '104' });
    expect(stop).toMatchObject({
      status: 'canceled',
      canceled_at: expect.stringContaining(
        target.filled_at.slice(0, '2026-03-10T14:02:00.000'.length),
      ),
    });
    expect(events().slice(-2)).toEqual(['fill sell limit', 'canceled sell stop']);
  });

  it('can keep the cancel of the stop off the stream, as happens at Alpaca', async () => {
    await open(quietDay([bar(601, 100, 105, 100, 104)]), { stream_oco_cancels: false });
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:02');
    expect((await account.order(body.id)).legs[1].status).toBe('canceled');
    expect(events().at(-1)).toBe('fill sell limit');
  });

  it('sells what a partly filled target left over when the stop is touched', async () => {
    await open(quietDay([bar(601, 100, 105, 100, 104, 600), bar(602, 99, 99, 97, 97, 100_000)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:03');
    const [target, stop] = (await account.order(body.id)).legs;
    expect(target).toMatchObject({ status: 'replaced', filled_qty: '60' });
    expect(stop).toMatchObject({ status: 'filled', qty: '40', filled_qty: '40' });
    expect((await account.get('/v2/positions')).body).toEqual([]);
  });

  it('fills a stop that the market gaps through at the open of the bar or worse', async () => {
    await open(quietDay([bar(601, 95, 96, 94, 95)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:02');
    const price = Number((await account.order(body.id)).legs[1].filled_avg_price);
    expect(price).toBeLessThan(95);
    expect(price).toBeGreaterThanOrEqual(94);
  });

  it('loses its legs with a canceled entry, and a partly filled entry is left naked', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1500' }));
    await account.step('10:01');
    expect((await account.request('DELETE', `/v2/orders/${body.id}`)).status).toBe(204);
    const canceled = await account.order(body.id);
    expect(canceled).toMatchObject({ status: 'canceled', filled_qty: '1000' });
    expect(canceled.legs.map((leg: { status: string }) => leg.status)).toEqual([
      'canceled',
      'canceled',
    ]);
    expect((await account.get('/v2/positions/ACME')).body.qty_available).toBe('1000');
  });

  it('is protected again by an OCO of the filled quantity', async () => {
    await open(quietDay([bar(605, 100, 100, 97, 97, 100_000)]));
    await account.step('10:00');
    await account.place({ qty: '600' });
    await account.step('10:01');
    const oco = await account.place({
      side: 'sell',
      qty: '600',
      type: 'limit',
      order_class: 'oco',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
    });
    expect(oco.body).toMatchObject({
      status: 'pending_new',
      limit_price: '104',
      order_class: 'oco',
      legs: [{ status: 'held', stop_price: '98', qty: '600' }],
    });
    await account.step('10:06');
    expect(await account.order(oco.body.id)).toMatchObject({
      status: 'replaced',
      legs: [{ status: 'filled' }],
    });
  });

  it('ends both exits when one is canceled, and its shares are free again', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:01');
    await account.request('DELETE', `/v2/orders/${body.legs[0].id}`);
    expect(
      (await account.order(body.id)).legs.map((leg: { status: string }) => leg.status),
    ).toEqual(['canceled', 'canceled']);
    expect((await account.request('DELETE', '/v2/positions/ACME')).body).toMatchObject({
      side: 'sell',
      type: 'market',
      qty: '100',
    });
  });

  it('raises its held stop by a replacement that works in its place', async () => {
    await open(quietDay([bar(603, 100, 100, 98.5, 99)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:01');
    const replaced = await account.request('PATCH', `/v2/orders/${body.legs[1].id}`, {
      stop_price: '99',
    });
    expect(replaced).toMatchObject({
      status: 200,
      body: { status: 'held', stop_price: '99', replaces: body.legs[1].id },
    });
    await account.step('10:04');
    const legs = (await account.order(body.id)).legs;
    expect(legs[1]).toMatchObject({ id: replaced.body.id, status: 'filled' });
    expect(legs[0]).toMatchObject({ status: 'replaced' });
  });

  it('whose entry is replaced protects what both entries bought', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(
      bracket({ qty: '1500', type: 'limit', limit_price: '100.10' }),
    );
    await account.step('10:01');
    const replaced = await account.request('PATCH', `/v2/orders/${body.id}`, {
      limit_price: '100.50',
    });
    expect(replaced).toMatchObject({
      status: 200,
      body: { status: 'pending_new', qty: '500', replaces: body.id },
    });
    expect(await account.order(body.id)).toMatchObject({
      status: 'replaced',
      filled_qty: '1000',
      replaced_by: replaced.body.id,
    });
    await account.step('10:02');
    expect(await account.order(replaced.body.id)).toMatchObject({
      status: 'filled',
      legs: [
        { status: 'new', qty: '1500' },
        { status: 'held', qty: '1500' },
      ],
    });
    expect((await account.get('/v2/positions/ACME')).body).toMatchObject({
      qty: '1500',
      qty_available: '0',
    });
  });

  it('of a short sale mirrors everything', async () => {
    await open(quietDay([bar(601, 100, 103, 100, 102)]));
    await account.step('10:00');
    const { body } = await account.place(
      bracket({
        side: 'sell',
        take_profit: { limit_price: '96' },
        stop_loss: { stop_price: '102' },
      }),
    );
    await account.step('10:01');
    expect((await account.get('/v2/positions/ACME')).body).toMatchObject({
      side: 'short',
      qty: '-100',
      market_value: '-10000',
    });
    await account.step('10:02');
    expect(
      (await account.order(body.id)).legs.map((leg: { status: string }) => leg.status),
    ).toEqual(['replaced', 'filled']);
    const activities = (await account.get('/v2/account/activities/FILL')).body;
    expect(activities.map((fill: { side: string }) => fill.side)).toEqual(['buy', 'sell_short']);
  });
});
