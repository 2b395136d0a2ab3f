import { describe, expect, it } from '@jest/globals';
import { bar } from '../small-day.ts';
import { openExchange } from './open-exchange.ts';

describe('a stop whose target has been suspended', () => {
  it('triggers and is filled all the same', () => {
    const desk = openExchange([bar(605, 100, 100, 94, 95)], {});
    const entry = desk.place({
      qty: '10',
      order_class: 'bracket',
      take_profit: { limit_price: '110' },
      stop_loss: { stop_price: '96' },
    });
    desk.step('10:01');
    const [target, stop] = entry.leg_ids.map((id) => desk.account.orders.get(id)!);
    expect(
      desk.simulation.exchange.scriptStatus(desk.account, target!.id, 'suspended'),
    ).toMatchObject({ ok: true });
    desk.step('10:06');
    expect([target!.status, stop!.status, desk.account.positions.size]).toEqual([
      'replaced',
      'filled',
      0,
    ]);
  });
});

describe('a stop limit beside a target', () => {
  it('that the market has jumped over triggers, and waits for the next bar even where this one comes back to its limit', () => {
    const desk = openExchange([bar(605, 94, 96, 93, 95)], {});
    const entry = desk.place({
      qty: '10',
      order_class: 'bracket',
      take_profit: { limit_price: '110' },
      stop_loss: { stop_price: '96', limit_price: '95.50' },
    });
    desk.step('10:06');
    const [target, stop] = entry.leg_ids.map((id) => desk.account.orders.get(id)!);
    expect([target!.status, stop!.status, stop!.triggered]).toEqual(['replaced', 'new', true]);
    desk.step('10:07');
    expect(stop!.status).toBe('filled');
  });
});
