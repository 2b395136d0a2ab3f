import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, Exact } from './money.ts';
import { priceActionOf, ruledStop, type RuledPosition, type StopRule } from './stop-rule.ts';
import { isOnTick } from './tick-size.ts';

const rule = (fields: Partial<StopRule>): StopRule => ({
  break_even_at_r: null,
  trail_true_ranges: null,
  ...fields,
});
const long = (fields: Partial<RuledPosition> = {}): RuledPosition => ({
  direction: 'long',
  entry_price: '100',
  initial_stop_price: '98',
  stop_price: '98',
  last_price: '103',
  best_close: '103',
  true_range: 0.5,
  ...fields,
});
const short = (fields: Partial<RuledPosition> = {}): RuledPosition =>
  long({
    direction: 'short',
    initial_stop_price: '102',
    stop_price: '102',
    last_price: '97',
    best_close: '97',
    ...fields,
  });

describe('a stop that moves by rule', () => {
  it('goes to the entry once a minute closed one R beyond it, not before, and only once', () => {
    const at_1r = rule({ break_even_at_r: 1 });
    expect(ruledStop(at_1r, long({ best_close: '101.99' }))).toBeNull();
    expect(ruledStop(at_1r, long({ best_close: '102' }))).toMatchObject({
      to: '100',
      rule: 'break_even',
    });
    expect(ruledStop(at_1r, long({ stop_price: '100' }))).toBeNull();
    // a stop that a person put nearer stays there
    expect(ruledStop(at_1r, long({ stop_price: '101' }))).toBeNull();
    expect(ruledStop(at_1r, short({ best_close: '98' }))).toMatchObject({ to: '100' });
    expect(ruledStop(at_1r, short({ best_close: '98.01' }))).toBeNull();
    // an average between two ticks is rounded so that the sale is no loss
    expect(ruledStop(at_1r, long({ entry_price: '100.004' }))).toMatchObject({ to: '100.01' });
    expect(ruledStop(at_1r, short({ entry_price: '100.004' }))).toMatchObject({ to: '100' });
  });

  it('follows so many true ranges behind the best close, by a tenth of the risk at least', () => {
    const trail = rule({ trail_true_ranges: 3 });
    expect(ruledStop(trail, long())).toEqual({
      to: '101.5',
      rule: 'trailing',
      why: 'the best close since the entry is 103: the stop follows 3 mean true ranges of 0.5 behind it',
    });
    expect(ruledStop(trail, long({ stop_price: '101.31' }))).toBeNull();
    expect(ruledStop(trail, long({ stop_price: '101.3' }))).toMatchObject({ to: '101.5' });
    expect(ruledStop(trail, long({ true_range: null }))).toBeNull();
    expect(ruledStop(trail, long({ best_close: null }))).toBeNull();
    expect(ruledStop(trail, short())).toMatchObject({ to: '98.5' });
    // farther away than it is by now: the ranges have grown
    expect(ruledStop(trail, long({ stop_price: '101.5', true_range: 2 }))).toBeNull();
  });

  it('is the nearer of two rules, without one that the price has come back through', () => {
    const both = rule({ break_even_at_r: 1, trail_true_ranges: 3 });
    expect(ruledStop(both, long())).toMatchObject({ to: '101.5', rule: 'trailing' });
    expect(ruledStop(both, long({ true_range: 2 }))).toMatchObject({
      to: '100',
      rule: 'break_even',
    });
    // the price has come back through the one, and the other still stands
    expect(ruledStop(both, long({ last_price: '101.5' }))).toMatchObject({ to: '100' });
    expect(ruledStop(both, long({ last_price: '100' }))).toBeNull();
    expect(ruledStop(rule({}), long())).toBeNull();
    // a plan whose stop is at its entry has no R
    expect(ruledStop(both, long({ initial_stop_price: '100' }))).toBeNull();
  });

  it('never moves away from the price nor to it or beyond it, whatever it reads, and ends on a tick', () => {
    const cents = (min: number, max: number) =>
      fc.integer({ min, max }).map((value) => new Exact(value).div(100).toString());
    fc.assert(
      fc.property(
        fc.constantFrom('long' as const, 'short' as const),
        cents(500, 20_000),
        fc.integer({ min: 1, max: 400 }),
        cents(100, 40_000),
        cents(100, 40_000),
        cents(100, 40_000),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.option(fc.constantFrom(0.5, 1, 2)),
        (direction, entry_price, risk, best_close, last_price, stop_price, range, k, r) => {
          const gain = direction === 'long' ? 1 : -1;
          const initial_stop_price = new Exact(entry_price)
            .minus(new Exact(risk).div(100).times(gain))
            .toString();
          const ruled = ruledStop(
            { break_even_at_r: r, trail_true_ranges: k },
            {
              direction,
              entry_price,
              initial_stop_price,
              stop_price,
              last_price,
              best_close,
              true_range: range,
            },
          );
          if (ruled === null) return;
          expect(compare(ruled.to, stop_price)).toBe(gain);
          expect(compare(last_price, ruled.to)).toBe(gain);
          expect(isOnTick(ruled.to)).toBe(true);
          if (ruled.rule === 'trailing')
            expect(
              new Exact(best_close)
                .minus(ruled.to)
                .times(gain)
                .gte(new Exact(range).times(k).minus('0.000001')),
            ).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what a rule reads', () => {
  const session = { open_time_id: 1000, close_time_id: 1390 };
  const minute = (time_id: number, close: number, high = close + 0.5, low = close - 0.5) => ({
    time_id,
    open: close,
    high,
    low,
    close,
    volume: 100,
  });
  const minutes = Array.from({ length: 20 }, (_, index) => minute(1000 + index, 100 + index / 10));

  it('is the best close of ended minutes since the entry, and the range of five minutes', () => {
    expect(priceActionOf('long', minutes, session, 1005, 1020)).toEqual({
      best_close: '101.9',
      true_range: expect.closeTo(1.4, 6),
    });
    // the minute at work has no close yet
    expect(priceActionOf('long', minutes, session, 1005, 1019).best_close).toBe('101.8');
    expect(priceActionOf('short', minutes, session, 1005, 1020).best_close).toBe('100.5');
    expect(priceActionOf('long', minutes, session, 1020, 1020).best_close).toBeNull();
    expect(priceActionOf('long', minutes, session, 1005, 1014).true_range).toBeNull();
    // a wild print in the midst of a minute is no close
    const wild = [...minutes.slice(0, 19), minute(1019, 101.9, 150)];
    expect(priceActionOf('long', wild, session, 1005, 1020).best_close).toBe('101.9');
  });
});
