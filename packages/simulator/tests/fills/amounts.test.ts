import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import { bar } from '../small-day.ts';
import { afterTheAnswer, openExchange, priceOf } from './open-exchange.ts';

describe('an order in dollars', () => {
  it('buys what its dollars buy at the price of the fill, to nine decimals and never for more', () => {
    const desk = openExchange([bar(600, 97, 98, 96, 97)], {});
    const order = desk.place({ notional: '1000' });
    desk.step('10:01');
    expect(order.status).toBe('filled');
    expect(order.filled_value.lte(1_000)).toBe(true);
    expect(new Exact(1_000).minus(order.filled_value).lt(new Exact(priceOf(order)).times('0.000000001'))).toBe(true);
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

  it('fractions of a share are bought and sold exactly', () => {
    const desk = openExchange([], {});
    const bought = desk.place({ qty: '0.123456789' });
    desk.step('10:01');
    const sold = desk.place({ side: 'sell', qty: '0.123456789' });
    desk.step('10:02');
    expect([bought.status, sold.status]).toEqual(['filled', 'filled']);
    expect(desk.account.positions.size).toBe(0);
    expect(desk.account.cash.eq(new Exact(100_000).minus(bought.filled_value).plus(sold.filled_value))).toBe(true);
  });
});

describe('an average entry price', () => {
  it.each(['next_bar', 'at_once'] as const)('keeps all forty digits of the exact arithmetic, filled %s', async (fills) => {
    const desk = openExchange([bar(599, 100, 100.2, 99.8, 100), bar(600, 100, 100.2, 99.8, 100), bar(601, 101, 101.3, 100.9, 101)], { fills });
    const orders = [desk.place({ qty: '1' })];
    desk.step('10:01');
    orders.push(desk.place({ qty: '6' }));
    await afterTheAnswer();
    desk.step('10:02');
    expect(orders.map(({ status }) => status)).toEqual(['filled', 'filled']);
    const [first, second] = orders.map(priceOf) as [string, string];
    expect(first).not.toBe(second);
    expect(desk.account.positions.get('ACME')!.avg_entry_price.toFixed()).toBe(new Exact(second).times(6).plus(first).div(7).toFixed());
  });
});
