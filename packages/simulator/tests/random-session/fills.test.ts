import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { OPEN } from '../small-day.ts';
import { play } from './play.ts';
import { fillsOf, ordersOf, sum } from './played-orders.ts';
import { plan } from './random-plan.ts';
import { runs } from './runs.ts';
import { CLOSE_MINUTE, SHARE } from './session.ts';

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('an account takes no more than its share of a minute, and no price that did not trade in it', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        const { market } = played.simulation;
        const taken = new Map<string, Decimal>();
        for (const { account_number, symbol, minute, qty, price } of played.fills) {
          const traded = market.barAt(symbol, minute)!;
          const key = `${account_number} ${symbol} ${minute}`;
          taken.set(key, (taken.get(key) ?? new Exact(0)).plus(qty));
          expect(taken.get(key)!.toNumber()).toBeLessThanOrEqual(traded.volume * SHARE);
          if (planned.rules.fills === 'at_once') continue;
          expect(Number(price)).toBeGreaterThanOrEqual(traded.low);
          expect(Number(price)).toBeLessThanOrEqual(traded.high);
        }
      }),
      runs(20),
    );
  });

  it('an order fills within its limit, its shares, its dollars and its hours, and never in a halt', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        const { market } = played.simulation;
        for (const { order } of ordersOf(played)) {
          const fills = fillsOf(played, order.id);
          const { limit_price: limit, side, time_in_force: force } = order;
          for (const { price, minute } of fills) {
            if (limit) expect(side === 'buy' ? limit.gte(price) : limit.lte(price)).toBe(true);
            expect(
              market.time.inRegularSession(minute) ||
                order.extended_hours ||
                planned.rules.fills === 'at_once',
            ).toBe(true);
            if (planned.rules.fills !== 'at_once')
              expect(market.happening(order.symbol, 'halt', minute)).toBe(false);
          }
          expect(sum(fills.map(({ qty }) => new Exact(qty))).eq(order.filled_qty)).toBe(true);
          expect(order.filled_qty.lte(order.qty)).toBe(true);
          if (order.notional) expect(order.filled_value.lte(order.notional)).toBe(true);
          if (force === 'fok')
            expect(order.filled_qty.isZero() || order.filled_qty.eq(order.qty)).toBe(true);
          if (force === 'ioc' || force === 'fok')
            expect(new Set(fills.map(({ at }) => at)).size).toBeLessThanOrEqual(1);
          if (force === 'cls')
            expect(fills.every(({ minute }) => minute === CLOSE_MINUTE - 1)).toBe(true);
          if (force === 'opg')
            expect(
              fills.every(
                ({ minute, symbol }) =>
                  minute ===
                  planned.bars[symbol].find(
                    (bar) => bar.minute >= OPEN && market.barAt(symbol, bar.minute),
                  )!.minute,
              ),
            ).toBe(true);
        }
      }),
      runs(20),
    );
  });
});
