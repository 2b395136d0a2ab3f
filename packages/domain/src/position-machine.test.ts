import { describe, expect, it } from '@jest/globals';
import { guardOf, positionStatus } from './position-machine.ts';
import type { ExitOrder } from './protection.ts';

const order = (role: ExitOrder['role'], status: ExitOrder['status'], qty = '100'): ExitOrder => ({
  client_order_id: `${role}-${status}`,
  parent_client_order_id: 'entry',
  role,
  status,
  qty,
  filled_qty: '0',
});

describe('the status of a position', () => {
  it.each([
    ['0', true, null, 'opening'],
    ['0', false, null, 'closed'],
    ['40', true, null, 'opening'],
    ['100', false, null, 'open'],
    ['100', false, 'manual', 'closing'],
    ['40', true, 'manual', 'closing'],
    ['0', true, 'manual', 'closing'],
    ['0', false, 'manual', 'closed'],
  ] as const)(
    'is made of %s shares, an entry that may fill (%s) and an exit asked for (%s): %s',
    (qty, has_live_entry, exit_asked, status) => {
      expect(positionStatus({ qty, has_live_entry, exit_asked })).toBe(status);
    },
  );
});

describe('what guards the shares of a position', () => {
  it.each([
    ['nothing needs to, where none is held', '0', [order('stop', 'new')], 'nothing_held'],
    ['a stop that covers all of them', '100', [order('stop', 'new')], 'stop'],
    ['no stop that covers a part', '100', [order('stop', 'new', '60')], 'naked'],
    ['an exit that the broker has, before any stop', '100', [order('exit', 'accepted')], 'exit'],
    ['no exit that is only meant', '100', [order('exit', 'intended')], 'naked'],
    ['no stop that sleeps under its unfilled entry', '40', [order('stop', 'held')], 'naked'],
  ] as const)('is %s', (_words, qty, orders, guard) => {
    expect(guardOf(qty, orders)).toBe(guard);
  });
});
