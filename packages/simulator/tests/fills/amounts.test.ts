import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import fc from 'fast-check';
import { bar } from '../small-day.ts';
import { afterTheAnswer, openExchange, priceOf } from './open-exchange.ts';

describe('an order in dollars', () => {
  it('buys what its dollars buy at the price of the fill, to nine decimals and never for more', () => {
    const desk = openExchange([bar(600, 97, 98, 96, 97)], {});
    const order = desk.place({ notional: '1000' });
    desk.step('10:01');
    expect(order.status).toBe('filled');
    expect(order.filled_value.lte(1_000)).toBe(true);
    expect(
      new Exact(1_000).minus(order.filled_value).lt(new Exact(priceOf(order)).times('0.000000001')),
    ).toBe(true);
    expect(desk.account.cash.plus(order.filled_value).toFixed()).toBe('100000');
    expect(desk.account.positions.get('ACME')!.qty.eq(order.filled_qty)).toBe(true);
  });

  it('goes on through several bars when one does not hold enough', () => {
    const desk = openExchange([bar(600, 100, 100, 100, 100, 50)], {});
    const order = desk.place({ notional: '2500.50' });
    desk.step('10:01');
    expect([order.status, order.filled_qty.toFixed()]).toEqual(['partially_filled', '5']);
    desk.step('10:02');
    expect(order.status).toBe('filled');
    expect(order.filled_value.lte('2500.5') && order.filled_value.gt('2500.49')).toBe(true);
  });

  it.each([
    [
      'a short',
      'next_bar',
      { side: 'sell', qty: '50' },
      { side: 'buy', notional: '4900' },
      93,
      '50',
    ],
    [
      'a long',
      'next_bar',
      { qty: '30.22974607' },
      { side: 'sell', notional: '3000' },
      97,
      '30.22974607',
    ],
    [
      'a long',
      'at_once',
      { qty: '30.22974607' },
      { side: 'sell', notional: '3023.57' },
      100,
      '30.22974607',
    ],
  ] as const)(
    'closes %s position and never turns it round at a price other than expected, filled %s',
    async (_position, fills, entry, exit, price, closed) => {
      const desk = openExchange([bar(601, price, price, price, price)], { fills });
      desk.place(entry);
      await afterTheAnswer();
      desk.step('10:01');
      const order = desk.place(exit);
      await afterTheAnswer();
      desk.step('10:02');
      expect([order.status, order.filled_qty.toFixed()]).toEqual(['filled', closed]);
      expect(desk.account.positions.size).toBe(0);
    },
  );

  it('never turns a position round, whatever its dollars, the prices and the volumes of the minutes after it', () => {
    const minute = fc.record({
      price: fc.integer({ min: 90, max: 110 }),
      volume: fc.integer({ min: 1, max: 600 }),
    });
    const anyCase = fc.record({
      side: fc.constantFrom('buy', 'sell'),
      qty: fc.integer({ min: 2, max: 80 }),
      dollars: fc.integer({ min: 90, max: 100 }),
      minutes: fc.array(minute, { minLength: 3, maxLength: 3 }),
      fills: fc.constantFrom('next_bar', 'at_once'),
    });
    fc.assert(
      fc.property(anyCase, ({ side, qty, dollars, minutes, fills }) => {
        const desk = openExchange(
          minutes.map(({ price, volume }, index) =>
            bar(601 + index, price, price, price, price, volume),
          ),
          { fills },
        );
        desk.place({ side, qty: String(qty) });
        desk.step('10:01');
        const order = desk.place({
          side: side === 'buy' ? 'sell' : 'buy',
          notional: String(qty * dollars),
        });
        for (const clock of ['10:02', '10:03', '10:04', '10:05']) {
          desk.step(clock);
          const left = desk.account.positions.get('ACME')?.qty;
          expect(left === undefined || left.isNegative() === (side === 'sell')).toBe(true);
          if (left === undefined) expect(order.status).toBe('filled');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves to other exits what they have reserved', () => {
    const desk = openExchange([bar(601, 90, 90, 90, 90)], {});
    desk.place({ qty: '100' });
    desk.step('10:01');
    const stop = desk.place({ side: 'sell', qty: '50', type: 'stop', stop_price: '85' });
    const order = desk.place({ side: 'sell', notional: '4900' });
    desk.step('10:02');
    expect([order.status, order.filled_qty.toFixed(), stop.status]).toEqual([
      'filled',
      '50',
      'new',
    ]);
    expect(desk.account.positions.get('ACME')!.qty.toFixed()).toBe('50');
  });

  it('fractions of a share are bought and sold exactly', () => {
    const desk = openExchange([], {});
    const bought = desk.place({ qty: '0.123456789' });
    desk.step('10:01');
    const sold = desk.place({ side: 'sell', qty: '0.123456789' });
    desk.step('10:02');
    expect([bought.status, sold.status]).toEqual(['filled', 'filled']);
    expect(desk.account.positions.size).toBe(0);
    expect(
      desk.account.cash.eq(new Exact(100_000).minus(bought.filled_value).plus(sold.filled_value)),
    ).toBe(true);
  });
});

describe('an average entry price', () => {
  it.each(['next_bar', 'at_once'] as const)(
    'keeps all forty digits of the exact arithmetic, filled %s',
    async (fills) => {
      const desk = openExchange(
        [
          bar(599, 100, 100.2, 99.8, 100),
          bar(600, 100, 100.2, 99.8, 100),
          bar(601, 101, 101.3, 100.9, 101),
        ],
        { fills },
      );
      const orders = [desk.place({ qty: '1' })];
      desk.step('10:01');
      orders.push(desk.place({ qty: '6' }));
      await afterTheAnswer();
      desk.step('10:02');
      expect(orders.map(({ status }) => status)).toEqual(['filled', 'filled']);
      const [first, second] = orders.map(priceOf) as [string, string];
      expect(first).not.toBe(second);
      expect(desk.account.positions.get('ACME')!.avg_entry_price.toFixed()).toBe(
        new Exact(second).times(6).plus(first).div(7).toFixed(),
      );
    },
  );
});
