import { describe, expect, it } from '@jest/globals';
import { isProtected, type ExitOrder } from './protection.ts';
import { nextStatus } from './order-machine.ts';

const leg = (
  role: 'stop' | 'target',
  status: ExitOrder['status'],
  fields: Partial<ExitOrder> = {},
): ExitOrder => ({
  client_order_id: `${role}-${status}`,
  parent_client_order_id: 'entry',
  role,
  status,
  qty: '100',
  filled_qty: '0',
  ...fields,
});

describe('shares are protected', () => {
  it.each([
    ['by a stop that works', [leg('stop', 'new')], true],
    ['by a stop that is accepted', [leg('stop', 'accepted')], true],
    [
      'by a held stop beside a target that works',
      [leg('stop', 'held'), leg('target', 'new')],
      true,
    ],
    [
      'by the stop of an OCO, whose target is its parent',
      [
        leg('target', 'new', { client_order_id: 'oco', parent_client_order_id: null }),
        leg('stop', 'held', { parent_client_order_id: 'oco' }),
      ],
      true,
    ],
  ])('%s', (_how, orders, expected) =>
    expect(isProtected('100', orders as ExitOrder[])).toBe(expected),
  );
  it.each([
    ['by nothing', []],
    ['by a target alone', [leg('target', 'new')]],
    ['by legs that sleep until the entry is filled', [leg('stop', 'held'), leg('target', 'held')]],
    [
      "by a held stop beside another group's target",
      [leg('stop', 'held'), leg('target', 'new', { parent_client_order_id: 'other' })],
    ],
    ['by a stop that was canceled', [leg('stop', 'canceled'), leg('target', 'new')]],
    ['by a stop for fewer shares', [leg('stop', 'new', { qty: '99' })]],
    ['by a stop that is filled in part', [leg('stop', 'partially_filled', { filled_qty: '50' })]],
  ])('not %s', (_how, orders) => expect(isProtected('100', orders as ExitOrder[])).toBe(false));
});

describe('an update of an order', () => {
  it.each([
    ['new', 'pending_new', 'stream', 'new'],
    ['partially_filled', 'new', 'stream', 'partially_filled'],
    ['filled', 'partially_filled', 'stream', 'filled'],
    ['canceled', 'new', 'rest', 'canceled'],
    ['pending_cancel', 'new', 'rest', 'new'],
    ['held', 'new', 'stream', 'new'],
    ['intended', 'filled', 'stream', 'filled'],
    ['refused', 'new', 'rest', 'new'],
    ['new', 'pending_new', 'rest', 'new'],
    ['filled', 'pending_new', 'rest', 'filled'],
    ['intended', 'pending_new', 'rest', 'pending_new'],
    ['intended', 'accepted', 'rest', 'accepted'],
  ] as const)('%s, then %s by %s, is %s', (known, told, source, after) =>
    expect(nextStatus(known, told, source)).toBe(after),
  );
});
