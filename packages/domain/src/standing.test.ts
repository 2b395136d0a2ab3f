import { describe, expect, it } from '@jest/globals';
import { standingOf } from './standing.ts';

const NOW = '2026-03-10T15:00:00.000Z';
const held = {
  direction: 'long',
  qty: '100',
  last_price: '50',
  last_price_at: '2026-03-10T14:59:48.400Z',
} as const;
type Order = Parameters<typeof standingOf>[1][number];
const exit = (role: 'stop' | 'target', price: string, over: Partial<Order> = {}): Order => ({
  client_order_id: `${role}-${price}`,
  parent_client_order_id: 'entry',
  role,
  status: 'new',
  qty: '100',
  filled_qty: '0',
  limit_price: role === 'target' ? price : null,
  stop_price: role === 'stop' ? price : null,
  ...over,
});

describe('how a position stands', () => {
  it('is told by its live stop and target, and by what is lost down to the stop', () => {
    const orders = [exit('stop', '49.5', { status: 'held' }), exit('target', '53')];
    expect(standingOf(held, orders, NOW)).toEqual({
      live_stop_price: '49.5',
      live_target_price: '53',
      risk_usd: '50.00',
      price_age_seconds: 12,
    });
  });
  it('has no risk to tell where a share has no stop, or no price', () => {
    const half = exit('stop', '49', { qty: '60' });
    expect(standingOf(held, [half], NOW)).toMatchObject({ live_stop_price: '49', risk_usd: null });
    const none = exit('stop', '49', { status: 'canceled' });
    expect(standingOf(held, [none], NOW)).toMatchObject({ live_stop_price: null, risk_usd: null });
    expect(
      standingOf({ ...held, last_price: null }, [exit('stop', '49')], NOW).risk_usd,
    ).toBeNull();
  });
  it('adds the parts of several brackets up: the farthest stop, the nearest target', () => {
    const orders = [
      exit('stop', '49', { qty: '50' }),
      exit('stop', '49.5', { qty: '50' }),
      exit('target', '52', { qty: '50' }),
      exit('target', '54', { qty: '50' }),
    ];
    expect(standingOf(held, orders, NOW)).toMatchObject({
      live_stop_price: '49',
      live_target_price: '52',
      risk_usd: '75.00',
    });
  });
  it('loses nothing to a stop on the gain side, and a short one upwards', () => {
    expect(standingOf(held, [exit('stop', '51')], NOW).risk_usd).toBe('0.00');
    const short = { ...held, direction: 'short' } as const;
    expect(standingOf(short, [exit('stop', '50.4'), exit('target', '47')], NOW)).toMatchObject({
      live_stop_price: '50.4',
      live_target_price: '47',
      risk_usd: '40.00',
    });
  });
});
