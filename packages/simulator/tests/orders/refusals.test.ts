import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../src/day/day.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { flat, security, smallDay, OPEN, CLOSE } from '../small-day.ts';

let account: OpenAccount;
const open = async (day: Day, options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> =>
  (account = await openAccount(day, options));
afterEach(() => account.close());

const bracket = (fields: Record<string, unknown> = {}) => ({
  order_class: 'bracket',
  take_profit: { limit_price: '104' },
  stop_loss: { stop_price: '98' },
  ...fields,
});

describe('refusals', () => {
  const two = () =>
    smallDay({
      bars: { ACME: flat(OPEN, CLOSE, 100), NOPE: flat(OPEN, CLOSE, 50) },
      securities: [security('ACME'), security('NOPE', { shortable: false, fractionable: false })],
    });

  it.each([
    [
      { type: 'limit', limit_price: '99.995' },
      422,
      42210000,
      'invalid limit_price 99.995. sub-penny increment does not fulfill minimum pricing criteria',
    ],
    [{ type: 'limit' }, 422, 40010001, 'limit orders require a limit price'],
    [{ type: 'stop' }, 422, 40010001, 'stop orders require a stop price'],
    [{ symbol: 'GONE' }, 422, 42210000, 'asset "GONE" not found'],
    [{ qty: '0' }, 422, 40010001, 'qty must be > 0'],
    [{ side: 'long' }, 422, 40010001, 'invalid side: long'],
    [{ time_in_force: 'iok' }, 422, 40010001, 'invalid time_in_force'],
    [{ symbol: 'NOPE', side: 'sell' }, 422, 42210000, 'asset "NOPE" cannot be sold short'],
    [{ symbol: 'NOPE', qty: '1.5' }, 403, 40310000, 'asset "NOPE" is not fractionable'],
    [{ qty: '5000' }, 403, 40310000, 'insufficient buying power'],
    [
      { type: 'stop', stop_price: '99' },
      422,
      42210000,
      'stop price must not be less than current price',
    ],
    [
      { order_class: 'bracket', stop_loss: { stop_price: '98' } },
      422,
      40010001,
      'bracket orders require take_profit.limit_price',
    ],
    [
      bracket({ type: 'stop', stop_price: '101' }),
      422,
      40010001,
      'bracket orders must be market or limit orders',
    ],
    [
      bracket({ stop_loss: { stop_price: '100' } }),
      422,
      42210000,
      'stop_loss.stop_price must be <= base_price - 0.01',
    ],
    [
      bracket({ take_profit: { limit_price: '100' } }),
      422,
      42210000,
      'take_profit.limit_price must be >= base_price + 0.01',
    ],
    [bracket({ qty: '1.5' }), 422, 42210000, 'fractional orders must be simple orders'],
  ])('%j is answered %i with code %i: %s', async (order, status, code, message) => {
    await open(two());
    await account.step('10:00');
    const answer = await account.place(order);
    expect(answer).toMatchObject({ status, body: { code, message } });
    expect(account.updates()).toEqual([]);
  });

  it('take a client_order_id once', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place({ client_order_id: 'once' });
    expect(await account.place({ client_order_id: 'once' })).toMatchObject({
      status: 422,
      body: { code: 40010001, message: 'client_order_id must be unique' },
    });
    expect((await account.get('/v2/orders:by_client_order_id?client_order_id=once')).body.id).toBe(
      body.id,
    );
  });

  it('say how many shares the exits hold', async () => {
    await open(two());
    await account.step('10:00');
    await account.place(bracket());
    await account.step('10:01');
    expect(await account.place({ side: 'sell' })).toMatchObject({
      status: 403,
      body: {
        code: 40310000,
        message: 'insufficient qty available for order (requested: 100, available: 0)',
        existing_qty: '100',
        held_for_orders: '100',
        available: '0',
      },
    });
    const {
      body: [entry],
    } = await account.get('/v2/orders?status=all&nested=true');
    const body = {
      code: 40310000,
      message: 'insufficient qty available for order (requested: 100, available: 0)',
      symbol: 'ACME',
      existing_qty: '100',
      held_for_orders: '100',
      available: '0',
      related_orders: entry.legs.map(({ id }: { id: string }) => id),
    };
    expect(await account.request('DELETE', '/v2/positions/ACME')).toMatchObject({
      status: 403,
      body,
    });
    expect(await account.request('DELETE', '/v2/positions')).toMatchObject({
      status: 207,
      body: [{ symbol: 'ACME', status: 403, body }],
    });
  });

  it('stop an order opposite to an open entry as a potential wash trade', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1500' }));
    await account.step('10:01');
    expect(await account.place({ side: 'sell', qty: '1000' })).toMatchObject({
      status: 403,
      body: {
        code: 40310000,
        message: 'potential wash trade detected. use complex orders',
        existing_order_id: body.id,
      },
    });
  });

  it('keep a symbol from being opened long and short at once, which would let a fill turn the position round', async () => {
    await open(two());
    await account.step('10:00');
    await account.place({ side: 'sell', type: 'limit', limit_price: '103' });
    expect(await account.place({ type: 'limit', limit_price: '97' })).toMatchObject({
      status: 403,
      body: { code: 40310000, message: 'cannot open a long buy while a short sell order is open' },
    });
  });

  it('tell what an order that is over was, and which does not exist', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place({});
    await account.step('10:01');
    expect(await account.request('DELETE', `/v2/orders/${body.id}`)).toMatchObject({
      status: 422,
      body: { code: 42210000, message: 'order is already in "filled" state' },
    });
    const missing = '00000000-0000-4000-8000-000000000000';
    expect(await account.get(`/v2/orders/${missing}`)).toMatchObject({
      status: 404,
      body: { code: 40410000 },
    });
    expect(await account.get('/v2/positions/NOPE')).toMatchObject({
      status: 404,
      body: { code: 40410000, message: 'position does not exist' },
    });
  });

  it('answer wrong keys with 401 and a broken body with 400', async () => {
    await open(two());
    expect(
      (
        await account.request('GET', '/v2/account', undefined, {
          'APCA-API-KEY-ID': 'a',
          'APCA-API-SECRET-KEY': 'b',
        })
      ).status,
    ).toBe(401);
    expect((await account.request('POST', '/v2/orders', '{"symbol":')).status).toBe(400);
    expect((await account.get('/v2/account')).headers.get('x-ratelimit-limit')).toBe('200');
  });

  it('begin beyond the rate limit where one is set, and end a simulated minute after the first request', async () => {
    await open(two(), { rate_limit: 2 });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await account.get('/v2/clock')).status);
    expect(statuses).toEqual([200, 200, 429]);
    await account.step('04:01');
    expect((await account.get('/v2/clock')).status).toBe(200);
  });
});
