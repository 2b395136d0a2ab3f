import { describe, expect, it } from '@jest/globals';
import { bar } from '../small-day.ts';
import { openExchange, priceOf } from './open-exchange.ts';

const wide = [bar(600, 100, 104, 99, 101, 10_000)];
const bought = (qty: string, impact_ratio: number): number => {
  const desk = openExchange(wide, { impact_ratio });
  const order = desk.place({ qty });
  desk.step('10:01');
  return Number(priceOf(order));
};

describe('size', () => {
  it('costs more the more of the minute it takes, and never more than the minute traded at', () => {
    expect(bought('900', 0.5)).toBeGreaterThan(bought('100', 0.5));
    expect(bought('100', 0.5)).toBeGreaterThan(bought('100', 0));
    expect(bought('900', 100)).toBe(104);
  });

  it('costs nothing where no impact is asked for', () => {
    expect(bought('900', 0)).toBe(bought('10', 0));
  });
});

describe('the queue at a limit', () => {
  const resting = (low: number, limit_queue: 'none' | 'through'): string => {
    const desk = openExchange([bar(600, 100, 100, low, 100)], { limit_queue });
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
    desk.step('10:01');
    return order.status;
  };

  it('is behind others when the price only touches it, and served when the price goes through', () => {
    expect([resting(99, 'through'), resting(98.99, 'through'), resting(99, 'none')]).toEqual(['new', 'filled', 'filled']);
  });

  it('does not hold for a limit that the bar opened through', () => {
    const desk = openExchange([bar(600, 99, 100, 99, 100)], { limit_queue: 'through' });
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
    desk.step('10:01');
    expect(order.status).toBe('filled');
  });
});
