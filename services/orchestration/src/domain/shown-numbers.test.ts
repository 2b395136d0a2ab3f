import { describe, expect, it } from '@jest/globals';
import type { ScanResult } from '@catalyst/contracts';
import { rounded, shownResult } from './shown-numbers.ts';

describe('numbers that are shown', () => {
  it('have no noise of binary fractions, wherever they are', () => {
    expect(rounded({ a: [0.1 + 0.2, { b: 1.005 - 1 }], c: 'x', d: null, e: true }, 6)).toEqual({
      a: [0.3, { b: 0.005 }],
      c: 'x',
      d: null,
      e: true,
    });
  });
  it('are prices on their tick: cents from one dollar, hundredths of a cent below', () => {
    const shown = shownResult({
      composite_score: 0.83456789,
      technical: { last_price: 64.38928571428572, indicators: { sma_20: 63.123456 } },
      pattern: { entry: 65.005, stop: 0.123456, target: 70 },
    } as unknown as ScanResult);
    expect(shown).toEqual({
      composite_score: 0.8346,
      technical: { last_price: 64.39, indicators: { sma_20: 63.1235 } },
      pattern: { entry: 65, stop: 0.1235, target: 70 },
    });
  });
});
