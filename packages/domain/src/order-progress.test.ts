import { describe, expect, it } from '@jest/globals';
import { isEnded, isWorking, nextStatus } from './order-progress.ts';

describe('a status that nobody knows', () => {
  it.each(['new', 'held', 'partially_filled', 'canceled', 'filled'] as const)(
    'leaves %s as it was',
    (known) => {
      expect(nextStatus(known, 'unknown', 'rest')).toBe(known);
      expect(nextStatus(known, 'unknown', 'stream')).toBe(known);
    },
  );
  it('is the status of an order of which nothing else is known: neither working nor ended', () => {
    expect(nextStatus('intended', 'unknown', 'rest')).toBe('unknown');
    expect([isWorking('unknown'), isEnded('unknown')]).toEqual([false, false]);
  });
  it('gives way to the first that is known', () => {
    expect(nextStatus('unknown', 'new', 'stream')).toBe('new');
    expect(nextStatus('unknown', 'rejected', 'rest')).toBe('rejected');
  });
});
