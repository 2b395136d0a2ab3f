import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exitReasons, orderRole } from './order.ts';
import { deskStatuses, isEnded, isWorking } from './order-machine.ts';
import { guardOf, hasLiveEntry, positionStatus } from './position-machine.ts';
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

const anyOrder = fc
  .record({
    role: fc.constantFrom(...orderRole.options),
    status: fc.constantFrom(...deskStatuses),
    pair: fc.constantFrom('a', 'b', 'c'),
    qty: fc.integer({ min: 1, max: 100 }),
    filled: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ role, status, pair, qty, filled }): ExitOrder => ({
    client_order_id: `${role}-${pair}`,
    parent_client_order_id: pair,
    role,
    status,
    qty: String(qty),
    filled_qty: String(Math.min(qty, filled)),
  }));
const anyOrders = fc.array(anyOrder, { maxLength: 8 });
const shares = fc.integer({ min: 0, max: 200 });

describe('a position, whatever its shares, its orders and what was asked of it', () => {
  const facts = fc.record({
    qty: shares.map(String),
    has_live_entry: fc.boolean(),
    exit_asked: fc.option(fc.constantFrom(...exitReasons)),
  });

  it('is closed where nothing is held and nothing can fill, and nowhere else', () => {
    fc.assert(
      fc.property(facts, (given) => {
        expect(positionStatus(given) === 'closed').toBe(given.qty === '0' && !given.has_live_entry);
      }),
    );
  });

  it('is on its way out while it was asked for, however late its shares come', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const status = positionStatus(given);
        if (status === 'closed') return;
        expect(status === 'closing').toBe(given.exit_asked !== null);
        if (given.exit_asked === null) expect(status === 'opening').toBe(given.has_live_entry);
      }),
    );
  });

  it('has an entry that may fill until each of its entries has ended', () => {
    fc.assert(
      fc.property(anyOrders, (orders) => {
        expect(hasLiveEntry(orders)).toBe(
          orders.some(({ role, status }) => role === 'entry' && !isEnded(status)),
        );
      }),
    );
  });

  it('is never called guarded where its live stops sum up to less than its shares', () => {
    fc.assert(
      fc.property(shares, anyOrders, (held, orders) => {
        const guard = guardOf(String(held), orders);
        expect(guard === 'nothing_held').toBe(held === 0);
        if (guard !== 'stop') return;
        // no stop beyond those that work, or sleep beside a target that works
        const most = orders
          .filter(
            ({ role, status, parent_client_order_id: pair }) =>
              role === 'stop' &&
              (isWorking(status) ||
                (status === 'held' &&
                  orders.some(
                    (other) =>
                      other.role === 'target' &&
                      other.parent_client_order_id === pair &&
                      isWorking(other.status),
                  ))),
          )
          .reduce((sum, { qty, filled_qty }) => sum + Number(qty) - Number(filled_qty), 0);
        expect(most).toBeGreaterThanOrEqual(held);
      }),
      { numRuns: 500 },
    );
  });

  it('is on its way out by an exit that the broker has, and by no other', () => {
    fc.assert(
      fc.property(shares, anyOrders, (held, orders) => {
        const isOut = orders.some(
          ({ role, status }) => role === 'exit' && status !== 'intended' && !isEnded(status),
        );
        expect(guardOf(String(held), orders) === 'exit').toBe(held > 0 && isOut);
      }),
      { numRuns: 500 },
    );
  });

  it('is guarded no less for one stop more, and no more for one share more', () => {
    const safety = ['naked', 'stop', 'exit', 'nothing_held'];
    fc.assert(
      fc.property(shares, anyOrders, fc.integer({ min: 1, max: 50 }), (any, orders, more) => {
        const exact = orders
          .filter(({ role, status }) => role === 'stop' && isWorking(status))
          .reduce((sum, { qty, filled_qty }) => sum + Number(qty) - Number(filled_qty), 0);
        for (const held of [any, exact]) {
          const before = safety.indexOf(guardOf(String(held), orders));
          const stop = order('stop', 'new', String(more));
          const withStop = safety.indexOf(guardOf(String(held), [...orders, stop]));
          expect(withStop).toBeGreaterThanOrEqual(before);
          const grown = safety.indexOf(guardOf(String(held + more), orders));
          expect(grown).toBeLessThanOrEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });
});
