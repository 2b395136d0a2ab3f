import { describe, expect, it } from '@jest/globals';
import { isOnItsWayTo, successorOf } from './successor.ts';

const order = (
  client_order_id: string,
  fields: { replaces?: string; status?: 'new' | 'pending_new' | 'rejected' | 'replaced' } = {},
  stop_price: string | null = '99',
) => ({
  client_order_id,
  status: fields.status ?? ('new' as const),
  stop_price,
  request: fields.replaces === undefined ? { leg_of: 'entry' } : { replaces: fields.replaces },
});
const old = order('old', {}, '98');

describe('a stop whose successor is on its way', () => {
  it('is one that an order which has not ended is to replace', () => {
    const next = order('next', { replaces: 'old', status: 'pending_new' });
    expect(successorOf(old, [old, next])).toBe(next);
    expect(successorOf(old, [old, order('next', { replaces: 'other' })])).toBeUndefined();
    expect(
      successorOf(old, [old, order('next', { replaces: 'old', status: 'rejected' })]),
    ).toBeUndefined();
    expect(successorOf(old, [old])).toBeUndefined();
    // of a chain each is replaced by the next alone
    const last = order('last', { replaces: 'next' });
    expect(successorOf(old, [old, { ...next, status: 'replaced' as const }, last])).toBeUndefined();
    expect(successorOf(next, [old, next, last])).toBe(last);
  });

  it('goes to a price only where the successor has that price', () => {
    const next = order('next', { replaces: 'old' }, '99.00');
    expect(isOnItsWayTo('99', old, [old, next])).toBe(true);
    expect(isOnItsWayTo('99.01', old, [old, next])).toBe(false);
    expect(isOnItsWayTo('99', old, [old, order('next', { replaces: 'old' }, null)])).toBe(false);
    expect(isOnItsWayTo('98', old, [old])).toBe(false);
  });
});
