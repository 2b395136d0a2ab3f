import { describe, expect, it } from '@jest/globals';
import { pageOf } from './paging.ts';

const rows = Array.from({ length: 25 }, (_, index) => index);
const page = (cursor?: string | null, items = rows, list = 'orders') =>
  pageOf(items, { list, limit: 10, cursor: cursor ?? undefined });

describe('a page', () => {
  it('goes on where the one before ended, to the end', () => {
    const first = page();
    const second = page(first.next);
    const third = page(second.next);
    expect([...first.shown, ...second.shown, ...third.shown]).toEqual(rows);
    expect(third.next).toBeNull();
  });
  it('brings no row twice where newer ones came meanwhile', () => {
    const { next } = page();
    expect(page(next, [-2, -1, ...rows]).shown).toEqual(rows.slice(10, 20));
  });
  it.each([
    '-1',
    '10',
    '1e3',
    'orders',
    'orders~10',
    'orders~99~25',
    'fills~10~25',
    'orders~1e1~25',
  ])('is refused for a cursor that is none of this list: %j', (cursor) => {
    expect(() => page(cursor)).toThrow(/is not `next` of a page of this list/);
  });
  it('of an empty list has nothing and no page after it', () => {
    expect(page(undefined, [])).toEqual({ shown: [], total: 0, next: null });
  });
});
