import { describe, expect, it } from '@jest/globals';
import {
  checkLedger,
  exposures,
  fillsPerOrder,
  ordersPerClientId,
  type LedgerRow,
} from '../../src/ledger/index.ts';
import {
  at,
  rowsOf,
  order,
  request,
  answer,
  fill,
  account,
  stop,
  update,
  rulesBroken,
} from './ledger-rows.ts';

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
