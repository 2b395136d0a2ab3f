import { describe, expect, it } from '@jest/globals';
import { signInWait } from './sign-in-wait.ts';

const now = 1_000_000_000;
const none = { count: 0, last_at_ms: null };
const failed = (count: number, ago_ms = 0) => ({ count, last_at_ms: now - ago_ms });

describe('the wait before the next try', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 30],
    [6, 60],
    [9, 480],
    [10, 900],
    [1000, 900],
  ])('after %i failures from one address is %i s', (count, wait) => {
    expect(signInWait(count === 0 ? none : failed(count), none, now)).toBe(wait);
  });
  it('passes', () => {
    expect(signInWait(failed(5, 29_001), none, now)).toBe(1);
    expect(signInWait(failed(5, 30_000), none, now)).toBe(0);
  });
  it('is a minute for everybody where many addresses fail', () => {
    expect(signInWait(none, failed(29), now)).toBe(0);
    expect(signInWait(none, failed(30), now)).toBe(60);
    expect(signInWait(none, failed(3000, 60_000), now)).toBe(0);
  });
});
