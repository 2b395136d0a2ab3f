import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { CYCLE } from './open-desk.ts';
import { openLiveDesk, word, type LiveDesk } from './open-live-desk.ts';

let desk: LiveDesk;
afterEach(() => desk?.close());

const held = async (symbol = 'ACME') =>
  (await desk.positions()).find((one) => one.symbol === symbol)!;
const move = async (stop_price: string, loosen = false) =>
  desk.trading.moveStop({
    params: { position_id: (await held()).position_id },
    body: { ...word(`to ${stop_price}`), stop_price, loosen },
  });
const reduce = async (qty: string, name = 'reduce') =>
  desk.trading.reducePosition({
    params: { position_id: (await held()).position_id },
    body: { ...word(name), qty },
  });
/** Live exits at the broker, each with its shares and price. */
const exits = () =>
  [...desk.simulator.simulation.accounts[0]!.alive.values()]
    .filter(({ side }) => side === 'sell')
    .map(({ type, qty, stop_price, limit_price }) => [
      type,
      qty.toNumber(),
      (stop_price ?? limit_price)?.toNumber(),
    ])
    .sort();

describe('the stop of what is held', () => {
  it('moves towards the price by a replacement, is guarded all the while, and never away but for loosen', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    expect((await move('99')).message).toBe('the stop of ACME was moved to 99');
    expect(exits()).toEqual([
      ['limit', 10, 104],
      ['stop', 10, 99],
    ]);
    await eventually(async () =>
      expect(await held()).toMatchObject({
        live_stop_price: '99',
        is_protected: true,
        naked: null,
        qty: '10',
      }),
    );
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect((await move('99')).message).toBe('the stop of ACME is at 99 already');
    await expect(move('98')).rejects.toMatchObject({
      code: 'OPERATOR_ONLY',
      details: { stop_price: '99', asked: '98' },
    });
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    for (const price of ['101', '120', '99.001'])
      await expect(move(price)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await move('98.5', true);
    expect(exits()).toContainEqual(['stop', 10, 98.5]);
    // none of them is a stranger's
    expect((await desk.orders('ACME')).map(({ reason }) => reason)).not.toContain(
      'placed outside of the desk',
    );
    const [{ chain }] = (await desk.database.database.query<{ chain: string[] }>(
      `SELECT array_agg(event ORDER BY seq) AS chain FROM order_events WHERE event LIKE 'stop\\_%'`,
    )) as [{ chain: string[] }];
    expect(chain).toEqual(['stop_move_intended', 'stop_moved', 'stop_move_intended', 'stop_moved']);
  });

  it('is where it was moved to though the answer was lost, and is renewed there when it is gone', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.onPassing(({ method, phase }) =>
      method === 'PATCH' && phase === 'answer' ? 'drop' : 'pass',
    );
    expect((await move('99')).message).toBe('the stop of ACME was moved to 99');
    expect(exits()).toContainEqual(['stop', 10, 99]);
    desk.simulator.exchange.cancelAll(desk.simulator.simulation.accounts[0]!, 'ACME');
    await eventually(() => expect(exits()).toContainEqual(['stop', 10, 99]), 20_000);
    await eventually(async () =>
      expect(await held()).toMatchObject({ is_protected: true, live_stop_price: '99' }),
    );
  });

  it('that the broker does not move stays, and whoever asked is told', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.onPassing(({ method, phase }) =>
      method === 'PATCH' && phase === 'request'
        ? { status: 422, text: '{"code":42210000,"message":"cannot replace order"}' }
        : 'pass',
    );
    await expect(move('99')).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: 'the stop of ACME is at 98, not at 99: the broker did not move it',
    });
    expect(await held()).toMatchObject({ is_protected: true, live_stop_price: '98' });
  });
});

describe('a position that is reduced', () => {
  it('sells the part once, and what stays keeps its stop and its target', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    await move('99');
    expect((await reduce('4')).message).toBe(
      '4 of 10 ACME are being sold at market; 6 keep their stop',
    );
    await eventually(async () => {
      expect(desk.held()).toEqual({ ACME: 6 });
      expect(await held()).toMatchObject({
        status: 'open',
        qty: '6',
        is_protected: true,
        naked: null,
        live_stop_price: '99',
        live_target_price: '104',
      });
    }, 20_000);
    await reduce('4');
    await eventually(() =>
      expect(exits()).toEqual([
        ['limit', 6, 104],
        ['stop', 6, 99],
      ]),
    );
    expect(desk.held()).toEqual({ ACME: 6 });
    for (const qty of ['6', '7'])
      await expect(reduce(qty, qty)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(reduce('0.5', 'part')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('whose sale the broker refuses is protected whole again', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.onPassing(({ method, path, phase, body }) =>
      method === 'POST' && path === '/v2/orders' && phase === 'request' && body.includes('"market"')
        ? { status: 403, text: '{"code":40310000,"message":"not now"}' }
        : 'pass',
    );
    await expect(reduce('4')).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    await eventually(async () =>
      expect(await held()).toMatchObject({ qty: '10', is_protected: true }),
    );
    expect(exits()).toEqual([
      ['limit', 10, 104],
      ['stop', 10, 98],
    ]);
  });
});
