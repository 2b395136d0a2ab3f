import { describe, expect, it } from '@jest/globals';
import { compare } from './money.ts';
import { isOnTick } from './tick-size.ts';
import fc from 'fast-check';
import { bracketFor, protectionFor } from './bracket.ts';

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
              symbol: 'ACME',
              direction,
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

describe('the exits of shares that are held', () => {
  const exits = (qty: string) =>
    protectionFor({
      client_order_id: 'cat-1',
      symbol: 'ACME',
      direction: 'long',
      qty,
      stop_price: '95',
      target_price: '110',
      time_in_force: 'gtc',
    });
  it('are target and stop until canceled for whole shares, however they are written', () => {
    for (const qty of ['3', '3.000'])
      expect(exits(qty)).toMatchObject({ order_class: 'oco', time_in_force: 'gtc' });
  });
  it('are a stop alone, for the day, for parts of a share', () => {
    for (const qty of ['2.5', '0.000000001', '100.5'])
      expect(exits(qty)).toEqual({
        client_order_id: 'cat-1',
        symbol: 'ACME',
        side: 'sell',
        type: 'stop',
        order_class: 'simple',
        time_in_force: 'day',
        qty,
        stop_price: '95',
      });
  });
});
