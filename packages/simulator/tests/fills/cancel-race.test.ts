import { describe, expect, it } from '@jest/globals';
import { bar } from '../small-day.ts';
import { openExchange } from './open-exchange.ts';

describe('a cancel that takes its time', () => {
  const touched = [bar(600, 100, 100, 98, 99)];

  it('loses the race against a fill: the order is filled and the cancel comes to nothing', () => {
    const desk = openExchange(touched, { latency_ms: 60_000 });
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
    expect(desk.cancel(order)).toMatchObject({ ok: true });
    expect(order.status).toBe('pending_cancel');
    desk.step('10:05');
    expect(order.status).toBe('filled');
    expect(desk.events()).toEqual([
      'pending_new',
      'new',
      'pending_cancel',
      'fill',
      'order_cancel_rejected',
    ]);
  });

  it('keeps what has filled meanwhile and cancels the rest', () => {
    const desk = openExchange(touched, { latency_ms: 60_000, volume_share: 0.001 });
    const order = desk.place({ qty: '15', type: 'limit', limit_price: '99' });
    desk.cancel(order);
    desk.step('10:01');
    expect([order.status, order.filled_qty.toFixed()]).toEqual(['canceled', '10']);
    expect(desk.events()).toEqual([
      'pending_new',
      'new',
      'pending_cancel',
      'partial_fill',
      'canceled',
    ]);
  });

  it('ends within a minute, once its time has passed, and is asked for only once', () => {
    const desk = openExchange([], { latency_ms: 500 });
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
    desk.cancel(order);
    expect(desk.cancel(order)).toMatchObject({
      ok: false,
      refusal: { status: 422, body: { code: 42210000, message: 'order pending cancel' } },
    });
    desk.step(499);
    expect(order.status).toBe('pending_cancel');
    desk.step(1);
    expect(order.status).toBe('canceled');
  });

  it('cancels in the same instant where no time was set', () => {
    const desk = openExchange([], {});
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '99' });
    desk.cancel(order);
    expect(order.status).toBe('canceled');
  });
});
