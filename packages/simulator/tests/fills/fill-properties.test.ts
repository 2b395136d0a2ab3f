import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import fc from 'fast-check';
import type { DayBar } from '../../src/day/day.ts';
import {
  availableShares,
  fillInMinute,
  type MinuteOfTrading,
  type WorkingOrder,
} from '../../src/exchange/fill-model/fill-model.ts';
import { applyPriceBands } from '../../src/market/price-bands.ts';
import { createTradingTime } from '../../src/market/trading-time.ts';
import { bar, quietDay, OPEN } from '../small-day.ts';

const price = fc.integer({ min: 9_500, max: 10_500 }).map((cents) => cents / 100);
const oneBar = fc
  .tuple(price, price, price, price, fc.integer({ min: 1, max: 50_000 }))
  .map(([open, a, b, close, volume]) =>
    bar(600, open, Math.max(open, a, b, close), Math.min(open, a, b, close), close, volume),
  );
const minuteOf = fc
  .record({
    bar: oneBar,
    wide_spread: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1_000 }),
    impact_ratio: fc.double({ min: 0, max: 3, noNaN: true }),
    touch_fills: fc.boolean(),
    share: fc.double({ min: 0.001, max: 1, noNaN: true }),
  })
  .map(({ share, ...minute }): MinuteOfTrading => ({
    symbol: 'ACME',
    available: availableShares(minute.bar.volume, share),
    ...minute,
  }));
const working = fc
  .record({
    type: fc.constantFrom(
      'market' as const,
      'limit' as const,
      'stop' as const,
      'stop_limit' as const,
    ),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    qty: fc.integer({ min: 1, max: 5_000 }),
    limit: price,
    stop: price,
    triggered: fc.boolean(),
  })
  .map(({ type, side, qty, limit, stop, triggered }): WorkingOrder => ({
    type,
    side,
    remaining: new Exact(qty),
    triggered: triggered && type.startsWith('stop'),
    limit_price: type.endsWith('limit') ? new Exact(limit) : null,
    stop_price: type.startsWith('stop') ? new Exact(stop) : null,
  }));
const against = (
  side: string,
  worse: { minus(other: unknown): { toNumber(): number } },
  better: unknown,
): number => (side === 'buy' ? 1 : -1) * worse.minus(better).toNumber();

describe('whatever the order and the minute', () => {
  it('a fill is on a price of the minute, within its limit, for no more than is wanted and available, and the same again', () => {
    fc.assert(
      fc.property(working, minuteOf, (order, minute) => {
        const decision = fillInMinute(order, minute);
        expect(fillInMinute(order, minute)).toEqual(decision);
        if (!decision.fill) return;
        const { qty, price: paid } = decision.fill;
        expect(paid.gte(minute.bar.low) && paid.lte(minute.bar.high)).toBe(true);
        expect(qty.gt(0) && qty.lte(order.remaining) && qty.lte(minute.available)).toBe(true);
        if (order.limit_price)
          expect(against(order.side, order.limit_price, paid)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('more shares, a larger impact and a wider spread never give a better price', () => {
    fc.assert(
      fc.property(
        working,
        minuteOf,
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (order, minute, more, impact) => {
          const fill = fillInMinute(order, { ...minute, wide_spread: false }).fill;
          const larger = fillInMinute(
            { ...order, remaining: order.remaining.plus(more) },
            { ...minute, wide_spread: false },
          ).fill;
          const harder = fillInMinute(order, {
            ...minute,
            wide_spread: false,
            impact_ratio: minute.impact_ratio + impact,
          }).fill;
          for (const worse of [larger, harder])
            if (fill && worse)
              expect(against(order.side, worse.price, fill.price)).toBeGreaterThanOrEqual(0);
          const wider =
            order.type === 'stop_limit'
              ? null
              : fillInMinute(order, { ...minute, wide_spread: true }).fill;
          if (fill && wider)
            expect(against(order.side, wider.price, new Exact(fill.price))).toBeGreaterThanOrEqual(
              0,
            );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('the queue fills no order that a touch would not, and at no better price', () => {
    fc.assert(
      fc.property(working, minuteOf, (order, minute) => {
        const queued = fillInMinute(order, { ...minute, touch_fills: false }).fill;
        const touched = fillInMinute(order, { ...minute, touch_fills: true }).fill;
        if (!queued) return;
        expect(touched).not.toBeNull();
        expect(against(order.side, queued.price, touched!.price)).toBeGreaterThanOrEqual(0);
        if (order.type === 'limit')
          expect(
            order.side === 'buy'
              ? order.limit_price!.gt(minute.bar.low)
              : order.limit_price!.lt(minute.bar.high),
          ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/**
 * A walk whose jumps run through the bands of a stock at `start` dollars time and again, with
 * minutes without trades.
 */
const wildWalk = (start: number) =>
  fc
    .array(
      fc.record({
        gap: fc.integer({ min: -100, max: 100 }),
        move: fc.integer({ min: -80, max: 80 }),
        trades: fc.integer({ min: 0, max: 5 }),
      }),
      { minLength: 30, maxLength: 60 },
    )
    .map((steps) => {
      // Bands are 10 per cent, and 20 where the previous close is at most $3.
      const widest = start > 3 ? 0.0014 : 0.0028;
      const cents = (value: number): number => Math.max(0.02, Math.round(value * 100) / 100);
      let last = start;
      return steps.flatMap(({ gap, move, trades }, index): DayBar[] => {
        if (trades === 0) return [];
        const open = cents(last * (1 + widest * (index % 7 === 0 ? gap : gap / 20)));
        const close = cents(open * (1 + move / 1_000));
        last = close;
        return [bar(OPEN + index, open, Math.max(open, close), Math.min(open, close), close)];
      });
    });
const { trade_date, calendar } = quietDay([]);
const time = createTradingTime(trade_date, calendar);
const obey = (bars: readonly DayBar[], previous_close: number) =>
  applyPriceBands(bars, { time, previous_close, binding_from: 0, isHalted: () => false });

describe('whatever the bars', () => {
  it.each([100, 2])(
    'of a stock at $%i: none leaves the band in force, none falls into a pause, no minute depends on a later one, and a day written with its pauses stays as it is',
    (start) => {
      let pauses = 0;
      fc.assert(
        fc.property(wildWalk(start), fc.integer({ min: 1, max: 60 }), (bars, length) => {
          const whole = obey(bars, start);
          pauses += whole.pauses.length;
          for (const one of whole.bars) {
            const pause = whole.pauses.findLast(({ to_minute }) => to_minute <= one.minute);
            const band = whole.bands.findLast(({ at_ms }) => at_ms <= time.startOf(one.minute));
            // The first bar after a pause reopens trading and has no band yet.
            if (band && !(pause && band.at_ms < time.startOf(pause.to_minute)))
              expect([one.low >= band.down, one.high <= band.up]).toEqual([true, true]);
            expect(
              whole.pauses.some(
                ({ from_minute, to_minute }) => from_minute <= one.minute && one.minute < to_minute,
              ),
            ).toBe(false);
          }
          const until = OPEN + length;
          const known = obey(
            bars.filter(({ minute }) => minute < until),
            start,
          );
          expect(known.bars).toEqual(whole.bars.filter(({ minute }) => minute < until));
          expect(known.pauses).toEqual(
            whole.pauses.filter(({ from_minute }) => from_minute <= until),
          );
          const written = applyPriceBands(whole.bars, {
            time,
            previous_close: start,
            binding_from: 0,
            isHalted: (minute) =>
              whole.pauses.some(
                ({ from_minute, to_minute }) => from_minute <= minute && minute < to_minute,
              ),
          });
          expect(written).toEqual({ ...whole, pauses: [] });
        }),
        { numRuns: 150 },
      );
      expect(pauses).toBeGreaterThan(0);
    },
  );
});
