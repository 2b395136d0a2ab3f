import { describe, expect, it } from '@jest/globals';
import { compare, isOnTick, stableId } from '@catalyst/domain';
import fc from 'fast-check';
import { bracketFor } from './bracket.ts';

const price = fc.integer({ min: 2_000, max: 9_000_000 }).map((n) => (n / 10_000).toFixed(4));

describe('a bracket', () => {
  it('is on the tick, never pays more nor takes less than was meant, and keeps its entry between stop and target', () => {
    fc.assert(
      fc.property(
        price,
        price,
        price,
        fc.constantFrom('long' as const, 'short' as const),
        (limit, stop, target, direction) => {
          const decision = bracketFor(
            {
              intent_id: stableId('i'),
              cycle_id: stableId('c'),
              symbol: 'ACME',
              direction,
              qty: null,
              entry_price: limit,
              limit_price: limit,
              stop_price: stop,
              target_price: target,
            },
            '10',
            'cat-1',
          );
          if ('refusal' in decision) return;
          const { side, limit_price, take_profit, stop_loss } = decision.request;
          const [entry, profit, loss] = [
            limit_price!,
            take_profit!.limit_price,
            stop_loss!.stop_price,
          ];
          const away = direction === 'long' ? 1 : -1;
          expect(side).toBe(direction === 'long' ? 'buy' : 'sell');
          expect([entry, profit, loss].every((one) => isOnTick(one))).toBe(true);
          expect(compare(entry, limit) * away).toBeLessThanOrEqual(0);
          expect(compare(profit, target) * away).toBeGreaterThanOrEqual(0);
          expect(compare(loss, stop) * away).toBeGreaterThanOrEqual(0);
          expect(compare(entry, loss) * away).toBe(1);
          expect(compare(profit, entry) * away).toBe(1);
        },
      ),
    );
  });
});
