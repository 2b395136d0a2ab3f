import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shownNumbers, withoutNoise } from './shown-numbers.ts';

describe('numbers that are shown', () => {
  it('are prices on their tick, dollars to the cent and all else without noise', () => {
    expect(
      shownNumbers({
        composite_score: 0.83456789,
        technical: { last_price: 64.38928571428572, indicators: { sma_20: 63.123456 } },
        pattern: { entry: 65.005, stop: 0.123456, target: 70 },
        stop_price: '44.1',
        filled_avg_price: '45.12345',
        risk_usd: '110.1',
        qty: '100',
        words: 'close was 64.38928571428572, not above 64.39',
        outside: { untrusted_text: 'pi is 3.14159265' },
        none: null,
      }),
    ).toEqual({
      composite_score: 0.8346,
      technical: { last_price: 64.39, indicators: { sma_20: 63.1235 } },
      pattern: { entry: 65, stop: 0.1235, target: 70 },
      stop_price: '44.10',
      filled_avg_price: '45.12',
      risk_usd: '110.10',
      qty: '100',
      words: 'close was 64.3893, not above 64.39',
      outside: { untrusted_text: 'pi is 3.14159265' },
      none: null,
    });
  });
  it('never have more than four decimals, wherever they stand', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('score', 'stop_price', 'entry', 'x_usd'),
        (value, name) => {
          const shown = shownNumbers({ [name]: value, text: `was ${value.toFixed(9)} then` });
          expect(JSON.stringify(shown)).not.toMatch(/\d\.\d{5}/);
        },
      ),
    );
    expect(withoutNoise('no number 1.5 to 2.25 of 3')).toBe('no number 1.5 to 2.25 of 3');
  });
});
