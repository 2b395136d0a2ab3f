import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAlive, type Order } from '../../src/exchange/order.ts';
import { play } from './play.ts';
import { chainOf, filledBy, fillsOf, ordersOf } from './played-orders.ts';
import { plan, pursuit } from './random-plan.ts';
import { runs } from './runs.ts';

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('two exits of a pair together never close more than their entry opened, and never both in one minute', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        for (const { account, order: entry } of ordersOf(played)) {
          if (entry.leg_ids.length !== 2 || entry.replaced_by !== null) continue;
          const [target, stop] = entry.leg_ids.map((id) => account.orders.get(id)!) as [
            typeof entry,
            typeof entry,
          ];
          expect(
            filledBy(account, target.id)
              .plus(filledBy(account, stop.id))
              .lte(filledBy(account, entry.id)),
          ).toBe(true);
          const minutes = new Set(fillsOf(played, target.id).map(({ minute }) => minute));
          expect(fillsOf(played, stop.id).filter(({ minute }) => minutes.has(minute))).toEqual([]);
          expect(target.status === 'filled' && stop.filled_qty.gt(0)).toBe(false);
          if (stop.filled_qty.gt(0)) expect(isAlive(target)).toBe(false);
        }
      }),
      runs(20),
    );
  });

  it('the exits of an entry that is filled are for all that it bought, replaced or not, where no other order may have taken its shares', () => {
    fc.assert(
      fc.property(fc.oneof(plan, { weight: 4, arbitrary: pursuit }), (planned) => {
        const played = play(planned);
        for (const { account, order: entry } of ordersOf(played)) {
          if (entry.leg_ids.length === 0 || entry.role !== 'entry' || entry.status !== 'filled')
            continue;
          const exits = entry.leg_ids.map((id) => account.orders.get(id)!);
          const own = new Set(exits.flatMap(({ id }) => chainOf(account, id)));
          const mayHaveTaken = (order: Order): boolean =>
            order.symbol === entry.symbol &&
            order.side !== entry.side &&
            !own.has(order) &&
            order.created_at <= entry.filled_at!;
          if ([...account.orders.values()].some(mayHaveTaken)) continue;
          const [first] = exits as [Order];
          expect(
            first.qty.minus(first.filled_qty).plus(filledBy(account, first.id)).toFixed(),
          ).toBe(filledBy(account, entry.id).toFixed());
        }
      }),
      runs(20),
    );
  });
});
