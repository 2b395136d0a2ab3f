import { describe, expect, it } from '@jest/globals';
import { nakedMinutes, nakedWindows, protections } from '../../src/ledger/index.ts';
import { at, rowsOf, order, fill, stop, update } from './ledger-rows.ts';

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
