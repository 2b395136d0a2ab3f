import { describe, expect, it } from '@jest/globals';
import { describeOwnExit } from '@catalyst/domain';
import { UsageError } from './exit-codes.ts';
import { readOwnExit } from './own-exit.ts';

describe('how a person lets a position leave', () => {
  it('is at market where nothing else is said', () => {
    expect(readOwnExit({})).toBeNull();
  });

  it.each([
    [{ limit: '52' }, 'limit', 'leave at 52 or better, the stop stays'],
    [{ limit: '52', stop: '49.5' }, 'oco', 'leave at 52 or better, or by a stop at 49.5'],
    [{ stop: '49.5' }, 'stop', 'the stop moves to 49.5'],
    [{ stop: '49.5', stopLimit: '49.2' }, 'stop_limit', 'for no worse than 49.2'],
    [{ trail: '2%' }, 'trailing_percent', 'trails the price by 2 %'],
    [{ trail: '0.80' }, 'trailing_dollars', 'trails the price by $0.80'],
  ])('is by %j a %s, and said in words', (options, kind, words) => {
    const exit = readOwnExit(options)!;
    expect(exit.kind).toBe(kind);
    expect(describeOwnExit(exit)).toContain(words);
  });

  it.each([
    { limit: 'NaN' },
    { limit: '-52' },
    { limit: '0' },
    { limit: '1e3' },
    { stop: '' },
    { trail: '%' },
    { trail: '-2%' },
    { stopLimit: '49' },
    { stopLimit: '49', stop: '50', limit: '52' },
    { trail: '2%', stop: '50' },
  ])('is refused by %j', (options) => {
    expect(() => readOwnExit(options)).toThrow(UsageError);
  });
});
