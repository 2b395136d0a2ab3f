import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Simulator } from '@catalyst/simulator';
import { openAccount } from '../../simulator/tests/open-account.ts';
import { plan, play, runs, SYMBOLS } from '../../simulator/tests/random-session.ts';
import { quietDay } from '../../simulator/tests/small-day.ts';
import {
  checkLedger,
  exposures,
  fillsPerOrder,
  nakedMinutes,
  nakedWindows,
  ordersPerClientId,
  protections,
  readLedgerAt,
  type LedgerRow,
} from '../src/ledger/index.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 10, 14, minute)).toISOString();
const rowsOf = (
  ...rows: (Record<string, unknown> & { kind: string; minute?: number })[]
): LedgerRow[] =>
  rows.map(({ minute = 0, ...fields }, index) => ({
    seq: index + 1,
    at: at(minute),
    account_number: 'SIM000001',
    ...fields,
  }));

const order = (id: string, fields: object = {}) => ({
  id,
  client_order_id: `client-${id}`,
  symbol: 'ACME',
  side: 'buy',
  type: 'market',
  order_class: 'simple',
  status: 'new',
  qty: '100',
  filled_qty: '0',
  limit_price: null,
  replaces: null,
  legs: null,
  ...fields,
});
const request = (id: string) => ({
  kind: 'request',
  method: 'POST',
  url: '/v2/orders',
  body: { client_order_id: `client-${id}`, symbol: 'ACME' },
});
const answer = (request: number, status = 200) => ({ kind: 'answer', request, status });
const fill = (id: string, qty: string, price: string, fields: object = {}) => ({
  kind: 'fill',
  order_id: id,
  execution_id: `${id}-${qty}-${price}`,
  symbol: 'ACME',
  side: 'buy',
  qty,
  price,
  ...fields,
});
const account = (cash: string, qty?: string) => ({
  kind: 'account',
  cash,
  positions: qty === undefined ? [] : [{ symbol: 'ACME', qty }],
});
const stop = (id: string, fields: object = {}) =>
  order(id, { side: 'sell', type: 'stop', ...fields });
const update = (one: object, minute = 0) => ({ kind: 'update', update: { order: one }, minute });

const rulesBroken = (rows: LedgerRow[], rules = {}) =>
  checkLedger(rows, rules).map(({ rule, seq }) => `${rule} at ${seq}`);

describe('a ledger that is in order', () => {
  it('breaks no rule', () => {
    const rows = rowsOf(
      request('a'),
      { kind: 'order', order: order('a') },
      answer(1),
      fill('a', '60', '10.5'),
      fill('a', '40', '10.25'),
      update(order('a', { status: 'filled', filled_qty: '100' })),
      account('8960', '100'),
      request('s'),
      { kind: 'order', order: stop('s') },
      answer(8),
    );
    expect(
      checkLedger(rows, {
        max_naked_ms: 0,
        max_gross_usd: '1060',
        max_net_usd: '1060',
        min_cash_usd: '8960',
        max_open_positions: 1,
      }),
    ).toEqual([]);
    expect(fillsPerOrder(rows).get('a')).toEqual({
      order_id: 'a',
      account_number: 'SIM000001',
      qty: '100',
      average_price: '10.4',
      executions: 2,
    });
    expect(ordersPerClientId(rows).get('SIM000001 client-a')).toEqual(['a']);
    expect(exposures(rows).map(({ cash, gross, net }) => [cash, gross, net])).toEqual([
      ['9370', '630', '630'],
      ['8960', '1025', '1025'],
    ]);
  });
});

describe('a request that comes late', () => {
  it.each([
    [
      'the repetition was first',
      [request('a'), request('a'), { kind: 'order', order: order('a') }, answer(2), answer(1)],
    ],
    [
      'the repetition was never answered',
      [request('a'), request('a'), { kind: 'order', order: order('a') }, answer(1)],
    ],
  ])('is no lost order where its client id made one: %s', (_name, rows) => {
    expect(checkLedger(rowsOf(...rows))).toEqual([]);
  });
});

describe('each rule', () => {
  const bought = [request('a'), { kind: 'order', order: order('a') }, answer(1)];
  const wrong: [string, string[], LedgerRow[], object?][] = [
    [
      'two orders of one client id',
      ['doubled_order at 5'],
      rowsOf(
        ...bought,
        request('b'),
        { kind: 'order', order: order('b', { client_order_id: 'client-a' }) },
        answer(4),
      ),
      { requests: false },
    ],
    [
      'a request that was taken and made no order',
      ['lost_order at 1'],
      rowsOf(request('a'), answer(1)),
    ],
    ['a request that was never answered', ['lost_order at 1'], rowsOf(request('a'))],
    [
      'an order without a request',
      ['unasked_order at 1'],
      rowsOf({ kind: 'order', order: order('a') }),
    ],
    ['a fill of an unknown order', ['unknown_order at 1'], rowsOf(fill('a', '1', '10'))],
    [
      'an execution told twice',
      ['execution_twice at 5'],
      rowsOf(...bought, fill('a', '10', '10'), fill('a', '10', '10')),
    ],
    [
      'fills beyond the quantity',
      ['overfilled at 5'],
      rowsOf(...bought, fill('a', '60', '10'), fill('a', '41', '10')),
    ],
    [
      'a fill of the other side',
      ['wrong_side at 4'],
      rowsOf(...bought, fill('a', '10', '10', { side: 'sell' })),
    ],
    ['a fill of nothing', ['fill_size at 4'], rowsOf(...bought, fill('a', '0', '10'))],
    [
      'a price beyond the limit',
      ['beyond_limit at 4'],
      rowsOf(
        request('a'),
        { kind: 'order', order: order('a', { type: 'limit', limit_price: '9.99' }) },
        answer(1),
        fill('a', '10', '10'),
      ),
    ],
    [
      'an order that says more than its fills',
      ['filled_qty at 5'],
      rowsOf(...bought, fill('a', '10', '10'), update(order('a', { filled_qty: '11' }))),
    ],
    [
      'cash that fills do not explain',
      ['cash at 6'],
      rowsOf(...bought, account('1000'), fill('a', '10', '10'), account('900.01', '10')),
    ],
    [
      'shares that fills do not explain',
      ['shares at 5'],
      rowsOf(...bought, fill('a', '10', '10'), account('900', '9')),
    ],
    [
      'too much held',
      ['max_gross_usd at 4', 'max_net_usd at 4', 'min_cash_usd at 4'],
      rowsOf(...bought, fill('a', '100', '10'), account('0', '100')),
      { max_gross_usd: '999.99', max_net_usd: '999.99', min_cash_usd: '0.01' },
    ],
    [
      'too many positions',
      ['max_open_positions at 4'],
      rowsOf(...bought, fill('a', '100', '10')),
      { max_open_positions: 0 },
    ],
    [
      'shares at the end',
      ['flat_at_end at 4'],
      rowsOf(...bought, fill('a', '100', '10')),
      { flat_at_end: true },
    ],
    [
      'shares without a stop for longer than allowed',
      ['max_naked_ms at 4'],
      rowsOf(...bought, fill('a', '100', '10'), { kind: 'step', minute: 1 }),
      { max_naked_ms: 2_000 },
    ],
    [
      'a gap in the sequence',
      ['gap at 5'],
      rowsOf(...bought, fill('a', '1', '10')).map((row, index) =>
        index === 3 ? { ...row, seq: 5 } : row,
      ),
    ],
  ];
  for (const [title, expected, rows, rules] of wrong) {
    it(`finds ${title}`, () => {
      expect(rulesBroken(rows, rules)).toEqual(expected);
    });
  }

  it('finds a pair of exits that both filled', () => {
    const legs = [
      order('t', {
        side: 'sell',
        type: 'limit',
        limit_price: '11',
        status: 'held',
        order_class: 'bracket',
      }),
      stop('s', { status: 'held', order_class: 'bracket' }),
    ];
    const rows = rowsOf(
      request('a'),
      { kind: 'order', order: order('a', { order_class: 'bracket', legs }) },
      answer(1),
      fill('a', '100', '10'),
      fill('t', '100', '11', { side: 'sell' }),
      fill('s', '1', '9', { side: 'sell' }),
    );
    expect(rulesBroken(rows)).toEqual(['both_exits_filled at 6']);
    expect(checkLedger(rows)[0]).toEqual({
      seq: 6,
      at: at(0),
      rule: 'both_exits_filled',
      message: 'the exits of order a (client id client-a) closed 101 of 100 shares',
    });
  });

  it('lets the exits of an entry that was replaced close what both entries brought', () => {
    const legs = [stop('s', { order_class: 'bracket' })];
    const replacement = order('b', { order_class: 'bracket', qty: '99', replaces: 'a', legs });
    const rows = (exited: string) =>
      rowsOf(
        { kind: 'order', order: order('a', { order_class: 'bracket', legs }) },
        fill('a', '1', '10'),
        { kind: 'order', order: replacement },
        fill('b', '99', '10'),
        fill('s', exited, '9', { side: 'sell' }),
      );
    const rules = { requests: false };
    expect(rulesBroken(rows('100'), rules)).toEqual([]);
    expect(rulesBroken(rows('101'), rules)).toContain('both_exits_filled at 5');
  });

  it('lets a request that a fault kept from the exchange, or that was refused, make no order', () => {
    expect(
      checkLedger(
        rowsOf(
          request('a'),
          { kind: 'fault', request: 1, exchange: 'never_saw' },
          request('b'),
          answer(3, 403),
        ),
      ),
    ).toEqual([]);
  });
});

describe('protection', () => {
  const bracket = (target: string, stopStatus: string) =>
    order('a', {
      order_class: 'bracket',
      status: 'filled',
      filled_qty: '100',
      legs: [
        order('t', {
          side: 'sell',
          type: 'limit',
          limit_price: '11',
          status: target,
          order_class: 'bracket',
        }),
        stop('s', { status: stopStatus, order_class: 'bracket' }),
      ],
    });

  it('counts a held stop only beside a working target', () => {
    const rows = rowsOf(
      { kind: 'order', order: order('a') },
      fill('a', '100', '10'),
      update(bracket('held', 'held')),
      update(bracket('new', 'held'), 2),
      update(bracket('canceled', 'held'), 3),
      { kind: 'step', minute: 5 },
    );
    expect([...protections(rows)].map(({ seq, protected_qty }) => [seq, protected_qty])).toEqual([
      [2, '0'],
      [4, '100'],
      [5, '0'],
    ]);
    expect(
      nakedWindows(rows).map(({ from, to, length_ms, still_open }) => [
        from,
        to,
        length_ms,
        still_open,
      ]),
    ).toEqual([
      [at(0), at(2), 120_000, false],
      [at(3), at(5), 120_000, true],
    ]);
    expect(nakedMinutes(rows)).toEqual([
      `${at(0)} ACME: 100 shares without a live stop until ${at(2)}`,
      `${at(3)} ACME: 100 shares without a live stop until ${at(5)}`,
    ]);
  });

  it('covers shorts by stops that buy, and lets a market exit close what is left', () => {
    const short = [
      { kind: 'order', order: order('a', { side: 'sell' }) },
      fill('a', '100', '10', { side: 'sell' }),
    ];
    expect(
      nakedWindows(
        rowsOf(
          ...short,
          { kind: 'order', order: order('s', { type: 'stop', qty: '60' }) },
          { kind: 'step', minute: 1 },
        ),
      ),
    ).toMatchObject([{ naked_qty: '100', still_open: true }]);
    const rows = rowsOf(
      ...short,
      { kind: 'order', order: order('s', { type: 'stop', qty: '60' }) },
      { kind: 'order', order: order('m', { qty: '40' }) },
      { kind: 'step', minute: 1 },
    );
    expect(nakedWindows(rows)).toMatchObject([{ length_ms: 0, still_open: false }]);
    expect(nakedMinutes(rows)).toEqual([]);
  });
});

describe('the exchange', () => {
  let simulator: Simulator | null = null;
  afterEach(() => simulator?.close());

  it('writes ledgers that break no rule, whatever three accounts ask of it', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const { simulation } = play(planned);
        const rows = simulation.ledger.after(0) as LedgerRow[];
        expect(checkLedger(rows, { requests: false })).toEqual([]);
        const held = new Map(
          [...protections(rows)].map(({ account_number, symbol, position_qty }) => [
            `${account_number} ${symbol}`,
            position_qty,
          ]),
        );
        for (const { account_number: number, positions } of simulation.accounts) {
          for (const symbol of SYMBOLS)
            expect(held.get(`${number} ${symbol}`) ?? '0').toBe(
              positions.get(symbol)?.qty.toFixed() ?? '0',
            );
        }
      }),
      runs(20),
    );
  });

  it('is found out by its faults: an order taken and an answer that failed are neither lost nor doubled', async () => {
    const open = await openAccount(quietDay([]));
    simulator = open.simulator;
    await open.step('10:00');
    await open.request(
      'POST',
      '/sim/faults',
      [
        {
          where: { rest: 'POST /v2/orders' },
          when: { nth: 1 },
          what: { kind: 'accept_then_fail' },
        },
        {
          where: { rest: 'POST /v2/orders' },
          when: { nth: 2 },
          what: { kind: 'status', status: 503 },
        },
      ],
      {},
    );
    expect((await open.place({ client_order_id: 'one' })).status).toBe(504);
    expect((await open.place({ client_order_id: 'two' })).status).toBe(503);
    expect((await open.place({ client_order_id: 'one' })).status).toBe(422);
    await open.step('10:02');
    await open.request('DELETE', '/v2/positions/ACME');
    await open.step('10:04');
    const rows = await readLedgerAt(open.simulator.url);
    expect(checkLedger(rows, { flat_at_end: true })).toEqual([]);
    expect(ordersPerClientId(rows).get('SIM000001 one')).toHaveLength(1);
    expect(nakedMinutes(rows)).toHaveLength(1);
  });
});
