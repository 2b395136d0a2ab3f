import { describe, expect, it } from '@jest/globals';
import type { OrderStatus } from '@catalyst/domain';
import fc from 'fast-check';
import { mayBecome, nextStatuses } from '../../src/exchange/order-states.ts';
import { isAlive } from '../../src/exchange/order.ts';
import { play } from './play.ts';
import { plan, type Plan } from './random-plan.ts';
import { runs } from './runs.ts';

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('a status moves only along the table, and after the day nothing lives on but what is good till canceled or for the next session', () => {
    const reached = new Set<OrderStatus>();
    const playAndLook = (planned: Plan): void => {
      const { simulation, updates } = play(planned);
      const known = new Map<string, OrderStatus>();
      for (const {
        update: { order, event },
      } of updates) {
        const before = known.get(order.id);
        if (before === undefined)
          expect(['pending_new', 'accepted', 'held']).toContain(order.status);
        else if (before !== order.status)
          expect(
            mayBecome(before, order.status) ? 'drawn' : `${before} to ${order.status} by ${event}`,
          ).toBe('drawn');
        known.set(order.id, order.status);
        reached.add(order.status);
      }
      for (const account of simulation.accounts) {
        for (const order of account.orders.values()) {
          expect(isAlive(order)).toBe(
            [...account.alive.keys()].includes(order.id) || order.takes_over_at !== null,
          );
          if (isAlive(order))
            expect(order.time_in_force === 'gtc' || order.expires_at > simulation.now()).toBe(true);
          else expect(nextStatuses(order.status)).toEqual([]);
          if (order.replaced_by !== null)
            expect(account.orders.get(order.replaced_by)).toBeDefined();
        }
      }
    };
    fc.assert(fc.property(plan, playAndLook), runs(20));
    // Twenty random days reach them all nearly always; where they did not, so do some more.
    const unreached = () =>
      (['new', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected'] as const).filter(
        (status) => !reached.has(status),
      );
    for (let day = 0; day < 200 && unreached().length > 0; day += 1)
      playAndLook(fc.sample(plan, 1)[0]!);
    expect(unreached()).toEqual([]);
  });
});
