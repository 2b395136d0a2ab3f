import { describe, expect, it } from '@jest/globals';
import { add, compare, toCents, type DayFees } from '@catalyst/domain';
import fc from 'fast-check';
import { measurePerformance } from './measure-performance.ts';
import { maxDrawdown } from './metrics/max-drawdown.ts';
import type { MeasuredTrade } from './metrics/metric.ts';
import { returnRatio } from './metrics/return-ratio.ts';
import { SHARPE_MIN_DAYS, sharpeRatio } from './metrics/sharpe-ratio.ts';

const dollars = fc.integer({ min: -500_000, max: 500_000 }).map((cents) => toCents(`${cents}e-2`));
const trade: fc.Arbitrary<MeasuredTrade> = fc.record({
  realized_pnl_usd: dollars,
  r_multiple: fc.option(fc.double({ min: -5, max: 5, noNaN: true })),
  hold_minutes: fc.integer({ min: 0, max: 400 }),
  pattern: fc.option(fc.constantFrom('bull_flag', 'gap_and_hold')),
});
const measure = (trades: MeasuredTrade[], fees: DayFees[] = []) =>
  measurePerformance({
    period: 'daily',
    from: '2026-03-10',
    to: '2026-03-10',
    trades,
    days: [],
    readings: [],
    fees,
  });
const of = (...results: string[]): MeasuredTrade[] =>
  results.map((realized_pnl_usd) => ({
    realized_pnl_usd,
    r_multiple: null,
    hold_minutes: 1,
    pattern: null,
  }));
const day = (realized: string, index = 1, equity: string | null = '100000') => ({
  trade_date: `2026-03-${String(index).padStart(2, '0')}`,
  realized_pnl_usd: realized,
  start_equity_usd: equity,
});

describe('performance', () => {
  it('has the net beside the gross, estimated while any day of it is', () => {
    expect(
      measure(of('120', '-20'), [
        { fees_usd: '3.68', is_estimated: false },
        { fees_usd: '0.32', is_estimated: true },
      ]),
    ).toMatchObject({
      realized_pnl_usd: '100.00',
      fees: { fees_usd: '4.00', is_estimated: true, net_pnl_usd: '96.00' },
    });
  });
  it('sums dollars to the cent, and its patterns add up to the whole', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 30 }), (trades) => {
        const result = measure(trades);
        expect(result.realized_pnl_usd).toBe(
          toCents(add(...trades.map((one) => one.realized_pnl_usd))),
        );
        expect(toCents(add(...result.by_pattern.map((group) => group.realized_pnl_usd)))).toBe(
          result.realized_pnl_usd,
        );
        expect(result.by_pattern.reduce((sum, group) => sum + group.trades, 0)).toBe(trades.length);
      }),
    );
  });
  it('states each metric or says why not, never NaN or infinity', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 12 }), (trades) => {
        const { fees: _, ...measured } = measure(trades);
        for (const value of Object.values(measured)) {
          if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
          if (value.value === null) expect(value.note).toBeTruthy();
          else expect(Number.isFinite(value.value)).toBe(true);
        }
      }),
    );
  });
  it('earns exactly when the profit factor is above one', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 12 }), (trades) => {
        const { profit_factor, realized_pnl_usd } = measure(trades);
        // the factor is stated to four places
        if (profit_factor.value !== null && Math.abs(profit_factor.value - 1) > 1e-3)
          expect(compare(realized_pnl_usd, 0) > 0).toBe(profit_factor.value > 1);
      }),
    );
  });
  it('counts a trade that ended at zero as neither won nor lost', () => {
    expect(measure(of('10.00', '0.00', '-10.00'))).toMatchObject({
      trades: 3,
      wins: 1,
      losses: 1,
      win_rate: { value: 0.5 },
    });
    expect(measure(of('0.00')).win_rate).toEqual({
      value: null,
      note: 'no trade ended with a gain or a loss',
    });
  });
  it('does not state a profit factor without a loss', () => {
    expect(measure(of('10.00')).profit_factor).toEqual({
      value: null,
      note: 'no losing trade to divide by',
    });
  });
  it('leaves trades without a stop out of the expectancy and says so', () => {
    const trades = [
      ...of('1.00'),
      { ...of('5.00')[0]!, r_multiple: 2 },
      { ...of('-5.00')[0]!, r_multiple: -1 },
    ];
    expect(measure(trades).expectancy_r).toEqual({
      value: 0.5,
      note: '1 of 3 trades had no initial stop and are left out',
    });
  });
});

describe('the return', () => {
  it('compounds the days and is not stated when the equity of one is unknown', () => {
    expect(returnRatio([day('1000', 1), day('-500', 2)]).value).toBeCloseTo(1.01 * 0.995 - 1, 8);
    expect(returnRatio([day('1000', 1), day('5', 2, null)])).toEqual({
      value: null,
      note: "the account's equity was not read on 2026-03-02",
    });
  });
});

describe('the Sharpe ratio', () => {
  it('is not stated below its least number of days', () => {
    expect(
      sharpeRatio(
        Array.from({ length: SHARPE_MIN_DAYS - 1 }, (_, index) => day(String(index), index + 1)),
      ),
    ).toEqual({ value: null, note: 'needs 15 trading days, has 14' });
  });
  it('is not stated when every day returned the same', () => {
    expect(sharpeRatio(Array.from({ length: 20 }, (_, index) => day('100', index + 1))).note).toBe(
      'every day returned the same',
    );
  });
  it('is mean over sample deviation of daily returns, times the square root of 252', () => {
    const days = Array.from({ length: 16 }, (_, index) =>
      day(index % 2 === 0 ? '300' : '-100', index + 1),
    );
    // mean 0.001; each day 0.002 away from it: sample deviation 0.002 x sqrt(16/15)
    expect(sharpeRatio(days).value).toBeCloseTo(
      (0.001 / (0.002 * Math.sqrt(16 / 15))) * Math.sqrt(252),
      3,
    );
  });
});

describe('the largest drawdown', () => {
  const reading = (equity_usd: string, trade_date = '2026-03-10', last_equity_usd = '100000') => ({
    trade_date,
    equity_usd,
    last_equity_usd,
  });
  it('is the deepest fall from a peak, the start of the day included', () => {
    expect(
      maxDrawdown([reading('99900'), reading('100500'), reading('100050'), reading('100600')])
        .value,
    ).toBe(450);
    expect(maxDrawdown([reading('99000.50')]).value).toBe(999.5);
  });
  it('goes across days and does not count what moved the account overnight', () => {
    expect(
      maxDrawdown([
        reading('100300'),
        reading('49900', '2026-03-11', '50000'),
        reading('50100', '2026-03-11', '50000'),
      ]).value,
    ).toBe(100);
  });
  it('is never below zero and never deeper than the whole range', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 90_000, max: 110_000 }), { minLength: 1, maxLength: 40 }),
        (values) => {
          const drawdown = maxDrawdown(values.map((value) => reading(String(value)))).value!;
          const all = [100_000, ...values];
          expect(drawdown).toBeGreaterThanOrEqual(0);
          expect(drawdown).toBeLessThanOrEqual(Math.max(...all) - Math.min(...all));
        },
      ),
    );
  });
});
