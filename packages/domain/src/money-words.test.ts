import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dollarWords, priceWords } from './money-words.ts';
import { Exact, isDecimalString, toCents, decimalString } from './money.ts';
import { nearestTick, priceDecimals } from './tick-size.ts';

/** Decimals as they come: with none to five places, on their tick and beside it. */
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.integer({ min: 0, max: 5 }))
  .map(([digits, places]) => new Exact(String(digits)).div(10 ** places).toFixed(places));

describe('amounts and prices', () => {
  it('are written alike whether or not something of them had to be rounded', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const exact = new Exact(text);
        const cents = exact.toDecimalPlaces(2).toFixed(2);
        expect(toCents(text)).toBe(cents === '-0.00' ? '0.00' : cents);
        if (exact.lte(0)) return;
        const words = Number(nearestTick(text)).toFixed(priceDecimals(text));
        expect([priceWords(text), priceWords(Number(text))]).toEqual([
          words,
          Number(nearestTick(Number(text))).toFixed(priceDecimals(Number(text))),
        ]);
      }),
    );
    expect([toCents('-0.00'), dollarWords('1012.30'), priceWords('0.99')]).toEqual([
      '0.00',
      '$1,012.30',
      '0.9900',
    ]);
  });
  it('are told from other texts as their schema does', () => {
    fc.assert(
      fc.property(fc.oneof(decimals, fc.string()), (text) => {
        expect(isDecimalString(text)).toBe(decimalString.safeParse(text).success);
      }),
    );
  });
});
