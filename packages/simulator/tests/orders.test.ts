import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../src/day/day.ts';
import type { SimulatorOptions } from '../src/index.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, quietDay, security, smallDay, OPEN, CLOSE } from './small-day.ts';

let account: OpenAccount;
const open = async (day: Day, options: Partial<SimulatorOptions> = {}): Promise<OpenAccount> => (account = await openAccount(day, options));
afterEach(() => account.close());

const events = (): string[] => account.updates().map(({ event, order }) => `${event} ${String(order.side)} ${String(order.type)}`);
const bracket = (fields: Record<string, unknown> = {}) => ({ order_class: 'bracket', take_profit: { limit_price: '104' }, stop_loss: { stop_price: '98' }, ...fields });

describe('an order', () => {
  it('meets only bars that start at or after its arrival', async () => {
    await open(quietDay([bar(599, 90, 90, 90, 90), bar(600, 101, 101.5, 101, 101)]));
    await account.step('10:00');
    const { body } = await account.place({});
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('10:01');
    const filled = await account.order(body.id);
    expect(filled).toMatchObject({ status: 'filled', filled_qty: '100', filled_at: '2026-03-10T14:01:00.000Z' });
    expect(Number(filled.filled_avg_price)).toBeGreaterThan(101);
    expect(Number(filled.filled_avg_price)).toBeLessThanOrEqual(101.5);
  });

  it('that arrives inside a minute waits for the next one', async () => {
    await open(quietDay([]));
    await account.request('POST', '/sim/step', { to: '2026-03-10T14:00:20Z' });
    const { body } = await account.place({});
    await account.step('10:01');
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('10:02');
    expect((await account.order(body.id)).status).toBe('filled');
  });

  it('takes at most its share of a minute and waits with the rest', async () => {
    await open(quietDay([]), { volume_share: 0.1 });
    await account.step('10:00');
    const { body } = await account.place({ qty: '1300' });
    await account.step('10:01');
    expect(await account.order(body.id)).toMatchObject({ status: 'partially_filled', filled_qty: '1000' });
    await account.step('10:02');
    expect(await account.order(body.id)).toMatchObject({ status: 'filled', filled_qty: '1300' });
    expect(events()).toEqual(['pending_new buy market', 'new buy market', 'partial_fill buy market', 'fill buy market']);
    expect(account.updates().map(({ position_qty }) => position_qty)).toEqual([undefined, undefined, '1000', '1300']);
  });

  it('that came before the open is accepted and becomes new at the open', async () => {
    await open(quietDay([]));
    await account.step('08:00');
    const { body } = await account.place({});
    expect(body.status).toBe('accepted');
    await account.step('09:30');
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('09:31');
    expect((await account.order(body.id)).status).toBe('filled');
  });

  it('for the day expires at the close and reserves nothing any more', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place({ type: 'limit', limit_price: '90' });
    expect((await account.get('/v2/account')).body.buying_power).toBe('191000');
    await account.step('16:00');
    expect(await account.order(body.id)).toMatchObject({ status: 'expired', expired_at: '2026-03-10T20:00:00.000Z' });
    expect((await account.get('/v2/account')).body.buying_power).toBe('200000');
  });

  it('does not fill while its symbol is halted', async () => {
    await open(quietDay([], { events: [{ symbol: 'ACME', kind: 'halt', from_minute: 600, to_minute: 605 }] }));
    await account.step('10:00');
    const { body } = await account.place({});
    await account.step('10:05');
    expect((await account.order(body.id)).status).toBe('new');
    await account.step('10:06');
    expect((await account.order(body.id)).status).toBe('filled');
  });

  it.each([
    ['buy', 'limit', { limit_price: '99' }, bar(600, 100, 100, 98.5, 99), '99'],
    ['buy', 'limit', { limit_price: '99' }, bar(600, 98, 98, 97, 97), '98'],
    ['buy', 'limit', { limit_price: '99' }, bar(600, 100, 100, 99.01, 100), null],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 100, 101, 100, 101), '101'],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 103, 103, 102, 102), '103'],
    ['buy', 'stop', { stop_price: '101' }, bar(600, 100, 100.99, 100, 100), null],
    ['buy', 'stop_limit', { stop_price: '101', limit_price: '101.50' }, bar(600, 103, 103, 102, 102), null],
    ['buy', 'stop_limit', { stop_price: '101', limit_price: '101.50' }, bar(600, 100, 101, 100, 101), '101'],
  ])('%s %s %j in a bar behaves as the fill model says', async (side, type, prices, minute, price) => {
    await open(quietDay([minute]));
    await account.step('10:00');
    const { body } = await account.place({ side, type, ...prices });
    await account.step('10:01');
    expect((await account.order(body.id)).filled_avg_price).toBe(price);
  });

  it('with a trailing stop follows the market up and sells on the way down', async () => {
    await open(quietDay([bar(601, 100, 110, 100, 110), bar(602, 110, 110, 107, 107)]));
    await account.step('10:00');
    await account.place({});
    await account.step('10:01');
    const { body } = await account.place({ side: 'sell', type: 'trailing_stop', trail_price: '2' });
    expect(body).toMatchObject({ hwm: '100', stop_price: '98' });
    await account.step('10:02');
    expect(await account.order(body.id)).toMatchObject({ status: 'new', hwm: '110', stop_price: '108' });
    await account.step('10:03');
    expect((await account.order(body.id)).status).toBe('filled');
  });
});

describe('a bracket', () => {
  it('holds its legs until the entry is completely filled, then the target is new and the stop held', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1300' }));
    const statuses = async () => (await account.order(body.id)).legs.map((leg: { status: string }) => leg.status);
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
    expect(stop).toMatchObject({ status: 'canceled', canceled_at: target.filled_at });
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
    expect(canceled.legs.map((leg: { status: string }) => leg.status)).toEqual(['canceled', 'canceled']);
    expect((await account.get('/v2/positions/ACME')).body.qty_available).toBe('1000');
  });

  it('is protected again by an OCO of the filled quantity', async () => {
    await open(quietDay([bar(605, 100, 100, 97, 97, 100_000)]));
    await account.step('10:00');
    await account.place({ qty: '600' });
    await account.step('10:01');
    const oco = await account.place({ side: 'sell', qty: '600', type: 'limit', order_class: 'oco', take_profit: { limit_price: '104' }, stop_loss: { stop_price: '98' } });
    expect(oco.body).toMatchObject({ status: 'new', limit_price: '104', order_class: 'oco', legs: [{ status: 'held', stop_price: '98', qty: '600' }] });
    await account.step('10:06');
    expect(await account.order(oco.body.id)).toMatchObject({ status: 'replaced', legs: [{ status: 'filled' }] });
  });

  it('ends both exits when one is canceled, and its shares are free again', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:01');
    await account.request('DELETE', `/v2/orders/${body.legs[0].id}`);
    expect((await account.order(body.id)).legs.map((leg: { status: string }) => leg.status)).toEqual(['canceled', 'canceled']);
    expect((await account.request('DELETE', '/v2/positions/ACME')).body).toMatchObject({ side: 'sell', type: 'market', qty: '100' });
  });

  it('raises its held stop by a replacement that works in its place', async () => {
    await open(quietDay([bar(603, 100, 100, 98.5, 99)]));
    await account.step('10:00');
    const { body } = await account.place(bracket());
    await account.step('10:01');
    const replaced = await account.request('PATCH', `/v2/orders/${body.legs[1].id}`, { stop_price: '99' });
    expect(replaced).toMatchObject({ status: 200, body: { status: 'held', stop_price: '99', replaces: body.legs[1].id } });
    await account.step('10:04');
    const legs = (await account.order(body.id)).legs;
    expect(legs[1]).toMatchObject({ id: replaced.body.id, status: 'filled' });
    expect(legs[0]).toMatchObject({ status: 'replaced' });
  });

  it('whose entry is replaced protects what both entries bought', async () => {
    await open(quietDay([]));
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1500', type: 'limit', limit_price: '100' }));
    await account.step('10:01');
    const replaced = await account.request('PATCH', `/v2/orders/${body.id}`, { qty: '1200', limit_price: '100.50' });
    expect(replaced).toMatchObject({ status: 200, body: { status: 'new', qty: '200', replaces: body.id } });
    expect(await account.order(body.id)).toMatchObject({ status: 'replaced', filled_qty: '1000', replaced_by: replaced.body.id });
    await account.step('10:02');
    expect(await account.order(replaced.body.id)).toMatchObject({ status: 'filled', legs: [{ status: 'new', qty: '1200' }, { status: 'held', qty: '1200' }] });
    expect((await account.get('/v2/positions/ACME')).body).toMatchObject({ qty: '1200', qty_available: '0' });
  });

  it('of a short sale mirrors everything', async () => {
    await open(quietDay([bar(601, 100, 103, 100, 102)]));
    await account.step('10:00');
    const { body } = await account.place(bracket({ side: 'sell', take_profit: { limit_price: '96' }, stop_loss: { stop_price: '102' } }));
    await account.step('10:01');
    expect((await account.get('/v2/positions/ACME')).body).toMatchObject({ side: 'short', qty: '-100', market_value: '-10000' });
    await account.step('10:02');
    expect((await account.order(body.id)).legs.map((leg: { status: string }) => leg.status)).toEqual(['replaced', 'filled']);
    const activities = (await account.get('/v2/account/activities/FILL')).body;
    expect(activities.map((fill: { side: string }) => fill.side)).toEqual(['buy', 'sell_short']);
  });
});

describe('activities', () => {
  it('are named after New York time and the execution, and page by the last id', async () => {
    await open(quietDay([]), { volume_share: 0.05 });
    await account.step('10:00');
    await account.place({ qty: '1200' });
    await account.step('10:03');
    const executions = account.updates().filter(({ event }) => event.endsWith('fill')).map(({ execution_id }) => execution_id);
    const page = (await account.get('/v2/account/activities?activity_types=FILL&page_size=2&direction=asc')).body;
    expect(page.map(({ id }: { id: string }) => id)).toEqual([`20260310100100000::${executions[0]}`, `20260310100200000::${executions[1]}`]);
    const rest = (await account.get(`/v2/account/activities?page_size=2&direction=asc&page_token=${encodeURIComponent(page[1].id)}`)).body;
    expect(rest).toHaveLength(1);
    expect(rest[0]).toMatchObject({ type: 'fill', qty: '200', cum_qty: '1200', leaves_qty: '0' });
  });
});

describe('refusals', () => {
  const two = () => smallDay({
    bars: { ACME: flat(OPEN, CLOSE, 100), NOPE: flat(OPEN, CLOSE, 50) },
    securities: [security('ACME'), security('NOPE', { shortable: false, fractionable: false })],
  });

  it.each([
    [{ type: 'limit', limit_price: '99.995' }, 422, 42210000, 'invalid limit_price 99.995. sub-penny increment does not fulfill minimum pricing criteria'],
    [{ type: 'limit' }, 422, 40010001, 'limit orders require a limit price'],
    [{ type: 'stop' }, 422, 40010001, 'stop orders require a stop price'],
    [{ symbol: 'GONE' }, 422, 42210000, 'asset "GONE" not found'],
    [{ qty: '0' }, 422, 40010001, 'qty must be > 0'],
    [{ side: 'long' }, 422, 40010001, 'invalid side: long'],
    [{ time_in_force: 'ioc' }, 422, 42210000, 'invalid time_in_force: ioc'],
    [{ symbol: 'NOPE', side: 'sell' }, 422, 42210000, 'asset "NOPE" cannot be sold short'],
    [{ symbol: 'NOPE', qty: '1.5' }, 403, 40310000, 'asset "NOPE" is not fractionable'],
    [{ qty: '3000' }, 403, 40310000, 'insufficient buying power'],
    [{ type: 'stop', stop_price: '99' }, 422, 42210000, 'stop price must not be less than current price'],
    [{ order_class: 'bracket', stop_loss: { stop_price: '98' } }, 422, 40010001, 'bracket orders require take_profit.limit_price'],
    [bracket({ type: 'stop', stop_price: '101' }), 422, 40010001, 'bracket orders must be market or limit orders'],
    [bracket({ stop_loss: { stop_price: '100' } }), 422, 42210000, 'stop_loss.stop_price must be <= base_price - 0.01'],
    [bracket({ take_profit: { limit_price: '100' } }), 422, 42210000, 'take_profit.limit_price must be >= base_price + 0.01'],
    [bracket({ qty: '1.5' }), 422, 42210000, 'fractional orders must be simple orders'],
  ])('%j is answered %i with code %i: %s', async (order, status, code, message) => {
    await open(two());
    await account.step('10:00');
    const answer = await account.place(order);
    expect(answer).toMatchObject({ status, body: { code, message } });
    expect(account.updates()).toEqual([]);
  });

  it('name the order that already has a client_order_id', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place({ client_order_id: 'once' });
    expect(await account.place({ client_order_id: 'once' })).toMatchObject({ status: 422, body: { code: 40010001, message: 'client_order_id must be unique', existing_order_id: body.id } });
    expect((await account.get('/v2/orders:by_client_order_id?client_order_id=once')).body.id).toBe(body.id);
  });

  it('say how many shares the exits hold', async () => {
    await open(two());
    await account.step('10:00');
    await account.place(bracket());
    await account.step('10:01');
    expect(await account.place({ side: 'sell' })).toMatchObject({
      status: 403,
      body: { code: 40310000, message: 'insufficient qty available for order (requested: 100, available: 0)', existing_qty: '100', held_for_orders: '100', available: '0' },
    });
    expect(await account.request('DELETE', '/v2/positions/ACME')).toMatchObject({ status: 403, body: { code: 40310000 } });
  });

  it('stop an order opposite to an open entry as a potential wash trade', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place(bracket({ qty: '1500' }));
    await account.step('10:01');
    expect(await account.place({ side: 'sell', qty: '1000' })).toMatchObject({
      status: 403, body: { code: 40310000, message: 'potential wash trade detected. use complex orders', existing_order_id: body.id },
    });
  });

  it('keep a symbol from being opened long and short at once, which would let a fill turn the position round', async () => {
    await open(two());
    await account.step('10:00');
    await account.place({ side: 'sell', type: 'limit', limit_price: '103' });
    expect(await account.place({ type: 'limit', limit_price: '97' })).toMatchObject({ status: 403, body: { code: 40310000, message: 'cannot open a long buy while a short sell order is open' } });
  });

  it('tell what an order that is over was, and which does not exist', async () => {
    await open(two());
    await account.step('10:00');
    const { body } = await account.place({});
    await account.step('10:01');
    expect(await account.request('DELETE', `/v2/orders/${body.id}`)).toMatchObject({ status: 422, body: { code: 42210000, message: 'order is already in "filled" state' } });
    const missing = '00000000-0000-4000-8000-000000000000';
    expect(await account.get(`/v2/orders/${missing}`)).toMatchObject({ status: 404, body: { code: 40410000 } });
    expect(await account.get('/v2/positions/NOPE')).toMatchObject({ status: 404, body: { code: 40410000, message: 'position does not exist' } });
  });

  it('answer missing keys with 401, wrong ones with 403 and a broken body with 400', async () => {
    await open(two());
    expect((await account.request('GET', '/v2/account', undefined, {})).status).toBe(401);
    expect((await account.request('GET', '/v2/account', undefined, { 'APCA-API-KEY-ID': 'a', 'APCA-API-SECRET-KEY': 'b' })).status).toBe(403);
    expect((await account.request('POST', '/v2/orders', '{"symbol":')).status).toBe(400);
    expect((await account.get('/v2/account')).headers.get('x-ratelimit-limit')).toBe('10000');
  });

  it('begin beyond the rate limit where one is set, and end with the simulated minute', async () => {
    await open(two(), { rate_limit: 2 });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await account.get('/v2/clock')).status);
    expect(statuses).toEqual([200, 200, 429]);
    await account.step('04:01');
    expect((await account.get('/v2/clock')).status).toBe(200);
  });
});
