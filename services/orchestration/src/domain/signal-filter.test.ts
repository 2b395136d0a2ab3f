import { describe, expect, it } from '@jest/globals';
import { signalFilters, tradingSignal, type SignalFilters } from '@catalyst/contracts';
import fc from 'fast-check';
import { filterKey, passes, underFloor } from './signal-filter.ts';

const ID = '6f1d3c52-0a1b-8c2d-9e3f-405162738495';
const AT = '2026-03-24T14:02:00.000Z';
const row = tradingSignal.parse({
  v: 1,
  seq: 7,
  signal_id: ID,
  at: AT,
  kind: 'signal',
  symbol: 'ACME',
  side: 'buy',
  order_type: 'limit',
  entry_price: '50',
  stop_price: '49',
  target_price: '53',
  confidence: 0.8,
  catalyst_type: 'fda',
  source: 'wire',
  pattern: 'bull_flag',
  reason: 'x',
  sector: 'Health Care',
  price: '50.1',
  relative_volume: 3,
  market_cap: null,
  market_cap_as_of: null,
  valid_until: AT,
  chain: { cycle_id: ID, decision_id: ID, scan_id: null, article_id: null, headline: null },
});
const closed = tradingSignal.parse({
  ...row,
  seq: 9,
  kind: 'closed',
  about: { signal_id: ID, seq: 7 },
  closed: { price: '53', closed_at: AT, reason: 'target', r_multiple: 2 },
});
const halted = tradingSignal.parse({
  v: 1,
  seq: 8,
  signal_id: ID,
  at: AT,
  kind: 'desk_halted',
  halted: { trading_state: 'halted', reason: 'x' },
});
const filters = (given: unknown): SignalFilters => signalFilters.parse(given);

describe('filters', () => {
  it.each([
    [{}, true],
    [{ min_confidence: 0.8, max_price: 50.1, min_price: 50.1, min_rvol: 3 }, true],
    [{ min_confidence: 0.81 }, false],
    [{ max_price: 50 }, false],
    [{ min_rvol: 3.1 }, false],
    [
      { catalyst_types: ['FDA', 'EARNINGS'], sectors: ['health care'], patterns: ['Bull_Flag'] },
      true,
    ],
    [{ catalyst_types: ['earnings'] }, false],
    [{ catalyst_types: [], sectors: null }, true],
    [{ symbols: ['acme'], sides: ['buy'] }, true],
    [{ symbols: ['BOLT'] }, false],
    [{ sides: ['sell'] }, false],
  ])('%j lets the trade through: %s', (given, expected) => {
    expect(passes(filters(given), row)).toBe(expected);
    expect(passes(filters(given), closed)).toBe(expected);
  });
  it('hold back what the desk does not know a number of', () => {
    expect(passes(filters({ min_market_cap: 0 }), row)).toBe(false);
    expect(passes(filters({ max_market_cap: 1e15 }), row)).toBe(false);
  });
  it('let what a client holds through to its end, and the desk itself always', () => {
    const narrow = { min_confidence: 1 };
    expect(passes(filters(narrow), closed)).toBe(false);
    expect(passes(filters({ ...narrow, follow: [ID] }), closed)).toBe(true);
    expect(passes(filters({ ...narrow, follow: [ID] }), row)).toBe(false);
    expect(passes(filters(narrow), halted)).toBe(true);
  });
  it('that ask for the same are the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['fda', 'earnings', 'legal']), (types) => {
        const given = filters({ min_price: 1, catalyst_types: [...types, ...types] });
        const same = filters({ catalyst_types: [...types].reverse(), min_price: 1 });
        expect(filterKey(given)).toBe(filterKey(same));
      }),
    );
    expect(filterKey(filters({ sectors: null }))).toBe(filterKey(filters({})));
    expect(filterKey(filters({ min_price: 1 }))).not.toBe(filterKey(filters({ max_price: 1 })));
  });
  it('are never wider than the least confidence that the desk sends', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        (floor, own) => {
          const { min_confidence } = underFloor(
            own === undefined ? {} : { min_confidence: own },
            floor,
          );
          expect(min_confidence).toBeGreaterThanOrEqual(Math.max(floor, own ?? 0));
        },
      ),
    );
  });
});
