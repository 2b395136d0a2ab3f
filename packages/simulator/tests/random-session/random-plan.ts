import fc from 'fast-check';
import type { DayBar, MarketEvent } from '../../src/day/day.ts';
import type { ExchangeOptions } from '../../src/exchange/exchange-context.ts';
import { bar, OPEN } from '../small-day.ts';
import { anyPrice, longBracket, order, symbol, whole } from './random-orders.ts';
import { CLOSE_MINUTE, FIRST, LAST, type SYMBOLS } from './session.ts';

/** A random walk of bars on the tick, with gaps and minutes without trades. */
const walk = fc
  .array(
    fc.record({
      gap: fc.integer({ min: -150, max: 150 }),
      move: fc.integer({ min: -150, max: 150 }),
      up: fc.integer({ min: 0, max: 100 }),
      down: fc.integer({ min: 0, max: 100 }),
      volume: fc.integer({ min: 1, max: 4_000 }),
      trades: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: LAST - FIRST, maxLength: LAST - FIRST },
  )
  .map((steps) => {
    const bars: DayBar[] = [];
    let last = 10_000;
    steps.forEach(({ gap, move, up, down, volume, trades }, index) => {
      if (trades === 0) return;
      const open = last + gap;
      const close = open + move;
      bars.push(
        bar(
          FIRST + index,
          open / 100,
          (Math.max(open, close) + up) / 100,
          (Math.min(open, close) - down) / 100,
          close / 100,
          volume,
        ),
      );
      last = close;
    });
    return bars;
  });

const which = fc.nat({ max: 100 });
const chase = fc.record({ kind: fc.constant('chase' as const), price: anyPrice });
const act = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('submit' as const), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel all' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      which,
      qty: whole,
      price: anyPrice,
      lasts: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: chase },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const), symbol }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('script' as const),
      which,
      status: fc.constantFrom(
        'suspended' as const,
        'new' as const,
        'stopped' as const,
        'calculated' as const,
        'done_for_day' as const,
        'canceled' as const,
        'rejected' as const,
      ),
    }),
  },
);
const timed = fc.record({
  minute: fc.integer({ min: FIRST, max: LAST }),
  second: fc.constantFrom(0, 0, 20),
  account: fc.nat({ max: 2 }),
  act,
});
export type Act = typeof timed extends fc.Arbitrary<infer A> ? A : never;

const halts = fc
  .array(
    fc.record({
      symbol,
      kind: fc.constant('halt' as const),
      from_minute: fc.integer({ min: OPEN, max: CLOSE_MINUTE - 1 }),
      length: fc.integer({ min: 1, max: 12 }),
    }),
    { maxLength: 2 },
  )
  .map((all) =>
    all.map(({ length, ...one }): MarketEvent => ({ ...one, to_minute: one.from_minute + length })),
  );

const rules = fc.record({
  fills: fc.constantFrom('next_bar' as const, 'at_once' as const),
  latency_ms: fc.constantFrom(0, 0, 200, 60_000, 90_000),
  limit_queue: fc.constantFrom('none' as const, 'through' as const),
  impact_ratio: fc.constantFrom(0, 0.6),
  stream_oco_cancels: fc.boolean(),
});

export interface Plan {
  bars: Record<(typeof SYMBOLS)[number], DayBar[]>;
  events: MarketEvent[];
  acts: Act[];
  rules: Partial<ExchangeOptions>;
}
const bars = fc.record({ ACME: walk, BARE: walk });
const inOrder = (acts: Act[]): Act[] =>
  acts.sort((left, right) => left.minute - right.minute || left.second - right.second);
export const plan: fc.Arbitrary<Plan> = fc.record({
  bars,
  events: halts,
  rules,
  acts: fc.array(timed, { minLength: 1, maxLength: 60, size: 'max' }).map(inOrder),
});

/**
 * A bracket that more than one minute has to fill, and whose entry goes after the market again and
 * again.
 */
export const pursuit: fc.Arbitrary<Plan> = fc.record({
  bars,
  events: fc.constant([]),
  rules,
  acts: fc
    .tuple(
      longBracket,
      fc.array(
        fc.record({
          minute: fc.integer({ min: OPEN + 1, max: CLOSE_MINUTE - 1 }),
          second: fc.constantFrom(0, 20),
          account: fc.constant(0),
          act: chase,
        }),
        { minLength: 4, maxLength: 20 },
      ),
    )
    .map(([order, chases]): Act[] => [
      { minute: OPEN, second: 0, account: 0, act: { kind: 'submit', order } },
      ...inOrder(chases),
    ]),
});
