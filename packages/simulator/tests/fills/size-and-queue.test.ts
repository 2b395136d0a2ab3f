import { describe, expect, it } from '@jest/globals';
import type { ExchangeOptions } from '../../src/exchange/exchange-context.ts';
import { DEFAULT_IMPACT_RATIO } from '../../src/exchange/fill-model/fill-model.ts';
import { bar } from '../small-day.ts';
import { openExchange, priceOf } from './open-exchange.ts';

const wide = [bar(600, 100, 104, 99, 101, 10_000)];
const bought = (qty: string, impact_ratio?: number): number => {
  const desk = openExchange(wide, impact_ratio === undefined ? {} : { impact_ratio });
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
    expect([resting(99, 'through'), resting(98.99, 'through'), resting(99, 'none')]).toEqual([
      'new',
      'filled',
      'filled',
    ]);
  });

  it('does not hold for a limit that reaches the other side of the quote, and does hold for one at the last price', () => {
    const quiet = (limit_price: string): string => {
      const desk = openExchange([], {});
      const order = desk.place({ qty: '10', type: 'limit', limit_price });
      desk.step('10:01');
      return order.status;
    };
    expect([quiet('100.05'), quiet('100')]).toEqual(['filled', 'new']);
  });

  it('holds for a stop limit that is triggered where its limit does not reach the quote', () => {
    const triggered = (limit_price: string): string => {
      const desk = openExchange([bar(600, 100, 100.5, 100, 100.5)], {});
      const order = desk.place({
        qty: '10',
        type: 'stop_limit',
        stop_price: '100.50',
        limit_price,
      });
      desk.step('10:01');
      return `${order.status} ${order.triggered}`;
    };
    expect([triggered('100.50'), triggered('100.60')]).toEqual(['new true', 'filled true']);
  });

  it('stands where nothing else is asked for, as does the impact', () => {
    const limit = (limit_queue: Partial<ExchangeOptions>): string => {
      const desk = openExchange([bar(600, 100, 100, 99, 100)], limit_queue);
      const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
      desk.step('10:01');
      return order.status;
    };
    expect([limit({}), limit({ limit_queue: 'none' })]).toEqual(['new', 'filled']);
    expect(bought('900')).toBe(bought('900', DEFAULT_IMPACT_RATIO));
    expect(bought('900')).toBeGreaterThan(bought('900', 0));
  });
});
