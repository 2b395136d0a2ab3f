import { afterEach, describe, expect, it } from '@jest/globals';
import type { OwnExit } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import { CYCLE } from './approved-intents.ts';
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

describe("a person's own exit", () => {
  const leave = async (exit: OwnExit, name = JSON.stringify(exit)) =>
    desk.trading.placeExit({
      params: { position_id: (await held()).position_id },
      body: { ...word(name), exit },
    });
  const opened = async (): Promise<void> => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
  };
  const fault = (body: object) =>
    fetch(`${desk.simulator.url}/sim/faults`, { method: 'POST', body: JSON.stringify(body) });

  it('at a limit, or as a pair, moves what the entry brought: nothing is cancelled', async () => {
    await opened();
    expect((await leave({ kind: 'limit', limit_price: '103' })).message).toBe(
      'ACME leaves at 103 or better, its stop at 98',
    );
    await leave({ kind: 'oco', limit_price: '102.50', stop_price: '99' });
    await eventually(() =>
      expect(exits()).toEqual([
        ['limit', 10, 102.5],
        ['stop', 10, 99],
      ]),
    );
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect(await held()).toMatchObject({ is_protected: true, naked: null });
    // protection that is renewed is what was asked for
    desk.simulator.exchange.cancelAll(desk.simulator.simulation.accounts[0]!, 'ACME');
    await eventually(
      () =>
        expect(exits()).toEqual([
          ['limit', 10, 102.5],
          ['stop', 10, 99],
        ]),
      20_000,
    );
  });

  it('is refused where it is no exit, or guards less, and all stays as it was', async () => {
    await opened();
    const bad: [string, object][] = [
      ['a limit that is no number', { kind: 'limit', limit_price: 'NaN' }],
      ['a limit below nothing', { kind: 'limit', limit_price: '-103' }],
      ['a limit without end', { kind: 'limit', limit_price: 'Infinity' }],
      ['a limit that is no text', { kind: 'limit', limit_price: 103 }],
      ['a limit beyond range', { kind: 'limit', limit_price: '1030' }],
      ['a stop farther away', { kind: 'oco', limit_price: '103', stop_price: '97' }],
      ['two trails', { kind: 'trailing_percent', trail_percent: '1', trail_price: '1' }],
      ['a trail wider than the stop', { kind: 'trailing_percent', trail_percent: '3' }],
      ['a kind that is none', { kind: 'banana', limit_price: '103' }],
      ['nothing', {}],
    ];
    for (const [name, exit] of bad)
      expect([
        name,
        await leave(exit as OwnExit, name).catch(({ code }: { code: string }) => code),
      ]).toEqual([name, 'INVALID_REQUEST']);
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE' || method === 'PATCH')).toBe(
      false,
    );
    expect(exits()).toEqual([
      ['limit', 10, 104],
      ['stop', 10, 98],
    ]);
  });

  it('that trails the price guards by itself, stands in the place of both, and stays where it was when it is lost', async () => {
    await opened();
    const trail = { kind: 'trailing_percent', trail_percent: '1' } as const;
    expect((await leave(trail)).message).toBe('ACME leaves by a stop that trails the price by 1 %');
    await leave(trail);
    expect(exits()).toEqual([['trailing_stop', 10, 99]]);
    await eventually(async () =>
      expect(await held()).toMatchObject({
        is_protected: true,
        naked: null,
        live_stop_price: '99',
        live_target_price: null,
      }),
    );
    await expect(move('99.50')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(desk.broker.seen.filter(({ body }) => body.includes('"trail_percent"'))).toHaveLength(1);
    desk.simulator.exchange.cancelAll(desk.simulator.simulation.accounts[0]!, 'ACME');
    await eventually(() => expect(exits()).toEqual([['stop', 10, 99]]), 20_000);
    await desk.trading.closePosition({
      params: { position_id: (await held()).position_id },
      body: { ...word('close'), reason: 'manual' },
    });
    await eventually(() => expect(desk.held()).toEqual({}), 20_000);
  });

  it('that the broker refuses leaves the desk’s own, and whoever asked is told', async () => {
    await opened();
    desk.broker.onPassing(({ method, phase, body }) =>
      method === 'POST' && phase === 'request' && body.includes('trailing_stop')
        ? { status: 422, text: '{"code":42210000,"message":"no trailing stops today"}' }
        : 'pass',
    );
    await expect(leave({ kind: 'trailing_dollars', trail_price: '1' })).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: expect.stringContaining('no trailing stops today; protected 10 with a stop at 98'),
    });
    expect(exits()).toEqual([
      ['limit', 10, 104],
      ['stop', 10, 98],
    ]);
  });

  it('by a stop-limit is sold at market once the price has come to the stop that was', async () => {
    await opened();
    await leave({ kind: 'stop_limit', stop_price: '99', limit_price: '98.50' });
    expect(exits()).toEqual([['stop_limit', 10, 99]]);
    await eventually(async () =>
      expect(await held()).toMatchObject({ is_protected: true, live_stop_price: '99' }),
    );
    await fault({ where: { market: 'ACME' }, what: { kind: 'gap', ratio: 0.9 } });
    await eventually(() => expect(desk.held()).toEqual({}), 90_000);
    await eventually(async () => {
      const { positions } = await desk.trading.listPositions({ query: {} });
      expect(positions).toMatchObject([{ status: 'closed', exit_reason: 'stop' }]);
    });
  }, 120_000);
});
