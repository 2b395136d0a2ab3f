import { describe, expect, it } from '@jest/globals';
import type { Order } from '@catalyst/contracts';
import { wholeEntry } from './whole-entry.ts';

const part = (qty: string, fields: Partial<Order>): Order => ({
  client_order_id: `cat-${qty}`,
  broker_order_id: null,
  cycle_id: null,
  position_id: null,
  symbol: 'ACME',
  side: 'buy',
  role: 'entry',
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'gtc',
  qty,
  filled_qty: '0',
  filled_avg_price: null,
  limit_price: '100.2',
  stop_price: null,
  status: 'new',
  reason: null,
  created_at: '2026-03-10T14:00:00.000Z',
  updated_at: '2026-03-10T14:00:00.000Z',
  ...fields,
});
const filled = (qty: string, filled_avg_price: string) =>
  part(qty, { status: 'filled', filled_qty: qty, filled_avg_price });

describe('an entry of several brackets', () => {
  it('is told as one: its shares together, at the price of all', () => {
    expect(
      wholeEntry([filled('33', '100'), filled('33', '100'), filled('34', '101')]),
    ).toMatchObject({
      status: 'filled',
      qty: '100',
      filled_qty: '100',
      filled_avg_price: '100.34',
    });
  });

  it('stands as what is still at work, and says why a part was left out', () => {
    const refused = part('33', { status: 'refused', reason: 'held already' });
    expect(wholeEntry([refused, filled('33', '100'), part('34', {})])).toMatchObject({
      status: 'new',
      qty: '100',
      filled_qty: '33',
      reason: 'held already',
    });
    expect(wholeEntry([refused, filled('67', '100')])).toMatchObject({
      status: 'filled',
      filled_qty: '67',
      reason: 'held already',
    });
    expect(wholeEntry([refused, refused])).toMatchObject({
      status: 'refused',
      filled_avg_price: null,
    });
  });

  it('is the one bracket where there is one, and nothing where there is none', () => {
    const one = part('5', {});
    expect(wholeEntry([one])).toBe(one);
    expect(wholeEntry([])).toBeNull();
  });
});
