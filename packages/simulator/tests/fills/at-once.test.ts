import { describe, expect, it } from '@jest/globals';
import { afterTheAnswer, openExchange, priceOf } from './open-exchange.ts';

const atOnce = { fills: 'at_once' } as const;

describe('an exchange that fills at once', () => {
  it('answers an order as it was taken, and fills it from the quote before the clock moves', async () => {
    const desk = openExchange([], atOnce);
    const order = desk.place({ qty: '10' });
    expect(order.status).toBe('new');
    await afterTheAnswer();
    expect(order.status).toBe('filled');
    expect(Number(priceOf(order))).toBeGreaterThan(100);
    expect(Number(priceOf(order))).toBeLessThanOrEqual(100.05);
    expect(desk.events()).toEqual(['pending_new', 'new', 'fill']);
  });

  it('lets a limit that does not reach the quote rest, and fills it by the bars', async () => {
    const desk = openExchange([], atOnce);
    const away = desk.place({ qty: '10', type: 'limit', limit_price: '99.50' });
    await afterTheAnswer();
    expect(away.status).toBe('new');
    desk.step('10:05');
    expect(away.status).toBe('new');
  });

  it('never fills a limit beyond itself', async () => {
    const desk = openExchange([], atOnce);
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '100.02' });
    await afterTheAnswer();
    expect(priceOf(order)).toBe('100.02');
  });

  it('gives an account no more than its share of the minute that is over, whatever the number of its orders; the rest meets the next bar', async () => {
    const desk = openExchange([], atOnce);
    const first = desk.place({ qty: '700', type: 'limit', limit_price: '101' });
    const second = desk.place({ qty: '250', type: 'limit', limit_price: '101' });
    await afterTheAnswer();
    expect([first.filled_qty.toFixed(), second.filled_qty.toFixed()]).toEqual(['700', '250']);
    const third = desk.place({ qty: '30', type: 'limit', limit_price: '101' });
    const fourth = desk.place({ qty: '30', type: 'limit', limit_price: '101' });
    await afterTheAnswer();
    expect([third.filled_qty.toFixed(), fourth.filled_qty.toFixed()]).toEqual(['30', '20']);
    desk.step('10:01');
    expect(fourth.status).toBe('filled');
  });

  it('cancels what ioc leaves over and fills fok wholly or not at all', async () => {
    const desk = openExchange([], atOnce);
    const all = desk.place({ qty: '990', time_in_force: 'fok' });
    await afterTheAnswer();
    expect(all.status).toBe('filled');
    const rest = desk.place({ side: 'sell', qty: '900', time_in_force: 'ioc' });
    await afterTheAnswer();
    expect([rest.status, rest.filled_qty.toFixed()]).toEqual(['canceled', '10']);
    const tooMuch = desk.place({ side: 'sell', qty: '20', time_in_force: 'fok' });
    await afterTheAnswer();
    expect([tooMuch.status, tooMuch.filled_qty.toFixed()]).toEqual(['canceled', '0']);
    desk.step('10:01');
    const unreached = desk.place({
      qty: '1',
      type: 'limit',
      limit_price: '90',
      time_in_force: 'ioc',
    });
    await afterTheAnswer();
    expect([unreached.status, unreached.filled_qty.toFixed()]).toEqual(['canceled', '0']);
  });

  it('fills nothing before the open and nothing from a quote when it fills by bars', async () => {
    const early = openExchange([], atOnce, '09:00');
    const waiting = early.place({ qty: '10' });
    await afterTheAnswer();
    expect(waiting.status).toBe('accepted');
    const byBars = openExchange([], {});
    const order = byBars.place({ qty: '10' });
    await afterTheAnswer();
    expect(order.status).toBe('new');
  });
});
