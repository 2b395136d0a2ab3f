import { describe, expect, it } from '@jest/globals';
import { isOnTick } from '@catalyst/domain';
import fc from 'fast-check';
import { planEntry, sharesAtRisk } from './entry-intent.ts';

const quote = { bid_price: '49.98', ask_price: '50.02' };

describe('the prices of an entry', () => {
  it('enters a long at the ask with a limit 0.2 % above it, exits rounded away from loss', () => {
    expect(
      planEntry({ direction: 'long', quote, close: 49.9, stop: 48.123456, target: 54.2301 }),
    ).toEqual({
      is_sane: true,
      prices: {
        entry_price: '50.02',
        limit_price: '50.12',
        stop_price: '48.13',
        target_price: '54.24',
      },
    });
  });
  it('enters a short at the bid with a limit below it', () => {
    expect(
      planEntry({ direction: 'short', quote, close: 49.9, stop: 51.999, target: 46.001 }),
    ).toEqual({
      is_sane: true,
      prices: {
        entry_price: '49.98',
        limit_price: '49.89',
        stop_price: '51.99',
        target_price: '46',
      },
    });
  });
  it('takes the last close where there is no quote, or the quote is empty', () => {
    const plan = {
      is_sane: true,
      prices: { entry_price: '49.9', limit_price: '49.99', stop_price: '48', target_price: '54' },
    };
    expect(
      planEntry({ direction: 'long', quote: null, close: 49.9, stop: 48, target: 54 }),
    ).toEqual(plan);
    expect(
      planEntry({
        direction: 'long',
        quote: { bid_price: '0', ask_price: '0' },
        close: 49.9,
        stop: 48,
        target: 54,
      }),
    ).toEqual(plan);
  });
  it.each([
    ['no price at all', { quote: null, close: null, stop: 48, target: 54 }, 'NO_PRICE'],
    ['a stop above the entry', { quote, close: 50, stop: 50.5, target: 54 }, 'STOP_NOT_SANE'],
    ['a stop at the entry', { quote, close: 50, stop: 50.02, target: 54 }, 'STOP_NOT_SANE'],
    ['a negative stop', { quote, close: 50, stop: -1, target: 54 }, 'STOP_NOT_SANE'],
    ['a stop a third below', { quote, close: 50, stop: 33, target: 90 }, 'STOP_NOT_SANE'],
    [
      'a target that the price has passed',
      { quote, close: 50, stop: 48, target: 50.1 },
      'TARGET_NOT_SANE',
    ],
  ])('refuses %s', (_what, levels, code) => {
    expect(planEntry({ direction: 'long', ...levels })).toMatchObject({ is_sane: false, code });
  });
  it('does not let the noise of float64 cost a tick', () => {
    const plan = planEntry({
      direction: 'long',
      quote,
      close: 50,
      stop: 48.1 + 1e-12,
      target: 54.1 + 1e-12,
    });
    expect(plan).toMatchObject({ prices: { stop_price: '48.1', target_price: '54.1' } });
  });
  it('is always on the tick and in the order stop, entry, limit, target', () => {
    const price = fc.double({ min: 0.6, max: 900, noNaN: true });
    fc.assert(
      fc.property(
        price,
        fc.double({ min: 0.001, max: 0.3, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (ask, below, above) => {
          const plan = planEntry({
            direction: 'long',
            quote: null,
            close: ask,
            stop: ask * (1 - below),
            target: ask * (1 + above),
          });
          if (!plan.is_sane) return;
          const { stop_price, entry_price, limit_price, target_price } = plan.prices;
          expect([stop_price, entry_price, limit_price!, target_price].every(isOnTick)).toBe(true);
          expect(Number(stop_price)).toBeLessThan(Number(entry_price));
          expect(Number(entry_price)).toBeLessThanOrEqual(Number(limit_price));
          expect(Number(limit_price)).toBeLessThan(Number(target_price));
        },
      ),
    );
  });
});

describe('the size that a session window allows', () => {
  const prices = {
    entry_price: '50.02',
    limit_price: '50.12',
    stop_price: '48.02',
    target_price: '54',
  };
  it.each([
    ['100000', 0.01, '500'],
    ['100000', 0.0075, '375'],
    ['100', 0.01, '0'],
    ['399.99', 0.005, '0'],
  ])('with %s USD and a ratio of %s it is %s shares', (equity, ratio, shares) => {
    expect(sharesAtRisk(equity, ratio, prices)).toBe(shares);
  });
});
