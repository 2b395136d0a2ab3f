import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/faults/fault-schema.ts';
import { startSimulator } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

let account: OpenAccount;
afterEach(() => account.close());

const add = (fault: object) => account.request('POST', '/sim/faults', fault, {});

describe('the list of faults', () => {
  it('says which field of which fault is wrong, and adds none of them', async () => {
    account = await openAccount(quietDay([]));
    const wrong: [unknown, string][] = [
      [
        [
          { where: { market: 'ACME' }, what: { kind: 'halt' } },
          { where: { rest: 'POST /v2/orders' }, what: { kind: 'explode' } },
        ],
        '1.what.kind: expected one of status, delay, hang, half_answer, garbage, accept_then_fail, lost_request, was "explode"',
      ],
      [
        { where: { rest: '/v2/orders' }, what: { kind: 'hang' } },
        'where.rest: expected a method and a path such as "POST /v2/orders" or "* /v2/positions/*", was "/v2/orders"',
      ],
      [
        { where: { rest: 'GET /v2/orders' }, when: { nth: 1, first: 2 }, what: { kind: 'hang' } },
        'when: expected only one of nth, every, first and probability, was {"nth":1,"first":2}',
      ],
      [
        { where: { market: 'ACME' }, when: { nth: 1 }, what: { kind: 'halt' } },
        'when: expected no field nth, which is unknown, was {"nth":1}',
      ],
      [
        { where: {}, what: { kind: 'halt' } },
        'where: expected one of rest, stream, market, orders, was {}',
      ],
      [
        { where: { market: 'NOPE' }, what: { kind: 'halt' } },
        'where.market: expected a symbol of the day (GET /v2/assets lists them) or *, was "NOPE"',
      ],
      [
        {
          faults: [
            { where: { market: '*' }, what: { kind: 'halt' } },
            { where: { orders: 'acme' }, what: { kind: 'reject' } },
          ],
        },
        'faults.1.where.orders: expected a symbol of the day (GET /v2/assets lists them) or *, was "acme"',
      ],
      ...['trade_updates', 'stock_data', 'news'].map((stream): [unknown, string] => [
        [{ where: { stream, symbol: '*' }, what: { kind: 'missing' } }],
        '0.where.symbol: expected a symbol of the day (GET /v2/assets lists them), was "*"',
      ]),
      [
        { where: { stream: 'news', symbol: 'FAKEPACA' }, what: { kind: 'missing' } },
        'where.symbol: expected a symbol of the day (GET /v2/assets lists them), was "FAKEPACA"',
      ],
      [[1], '0: expected a fault: {where, when, what}, was 1'],
    ];
    for (const [fault, message] of wrong)
      expect(await account.request('POST', '/sim/faults', JSON.stringify(fault), {})).toMatchObject(
        { status: 400, body: { message } },
      );
    expect((await account.request('POST', '/sim/faults', '{"where"', {})).status).toBe(400);
    expect((await account.request('GET', '/sim/faults', undefined, {})).body).toEqual([]);
    const faults: Fault[] = [{ where: { market: 'NOPE' }, when: {}, what: { kind: 'halt' } }];
    await expect(startSimulator({ day: quietDay([]), faults })).rejects.toThrow(
      '0.where.market: expected a symbol of the day',
    );
  });

  it('takes faults of the symbol of the test stream', async () => {
    account = await openAccount(quietDay([]));
    expect(
      (
        await add({
          where: { stream: 'stock_data', symbol: 'FAKEPACA' },
          what: { kind: 'missing' },
        })
      ).status,
    ).toBe(201);
  });

  it('takes one away, or all', async () => {
    account = await openAccount(quietDay([]));
    await add({
      faults: ['one', 'two', 'three'].map((id) => ({
        id,
        where: { rest: 'GET /v2/clock' },
        what: { kind: 'status', status: 500 },
      })),
    });
    expect(
      await add({ id: 'one', where: { rest: 'GET /v2/clock' }, what: { kind: 'hang' } }),
    ).toMatchObject({
      status: 400,
      body: { message: '0.id: expected an id that no other fault has, was "one"' },
    });
    expect((await account.request('DELETE', '/sim/faults/two', undefined, {})).status).toBe(204);
    expect((await account.request('DELETE', '/sim/faults/two', undefined, {})).status).toBe(404);
    expect((await account.request('GET', '/sim/faults', undefined, {})).body).toMatchObject([
      { id: 'one' },
      { id: 'three' },
    ]);
    expect((await account.request('DELETE', '/sim/faults', undefined, {})).status).toBe(204);
    expect((await account.get('/v2/clock')).status).toBe(200);
  });
});
