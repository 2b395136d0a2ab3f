import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import fc from 'fast-check';
import { reservedForExits } from '../src/exchange/account.ts';
import type { DayBar } from '../src/day/day.ts';
import type { TradeUpdate } from '../src/index.ts';
import { createSimulation, type Simulation } from '../src/simulation.ts';
import { OPEN, quietDay, bar } from './small-day.ts';

const MINUTES = 40;
const SHARE = 0.1;

/** A random walk of bars on the tick, with gaps and minutes without trades. */
const walk = fc.array(fc.record({ gap: fc.integer({ min: -150, max: 150 }), move: fc.integer({ min: -150, max: 150 }), up: fc.integer({ min: 0, max: 100 }), down: fc.integer({ min: 0, max: 100 }), volume: fc.integer({ min: 1, max: 4_000 }), trades: fc.integer({ min: 0, max: 9 }) }), { minLength: MINUTES, maxLength: MINUTES }).map((steps) => {
  const bars: DayBar[] = [];
  let last = 10_000;
  steps.forEach(({ gap, move, up, down, volume, trades }, index) => {
    if (trades === 0) return;
    const open = last + gap;
    const close = open + move;
    bars.push(bar(OPEN + index, open / 100, (Math.max(open, close) + up) / 100, (Math.min(open, close) - down) / 100, close / 100, volume));
    last = close;
  });
  return bars;
});

const cents = (from: number, to: number) => fc.integer({ min: from, max: to }).map((price) => (price / 100).toFixed(2));
const qty = fc.integer({ min: 1, max: 400 }).map(String);
const order = fc.oneof(
  fc.record({ side: fc.constantFrom('buy', 'sell'), type: fc.constant('market'), qty }),
  fc.record({ side: fc.constantFrom('buy', 'sell'), type: fc.constant('limit'), qty, limit_price: cents(9_700, 10_300) }),
  fc.record({ side: fc.constantFrom('buy', 'sell'), type: fc.constant('stop'), qty, stop_price: cents(9_700, 10_300) }),
  fc.record({ side: fc.constant('buy'), type: fc.constant('market'), qty, order_class: fc.constant('bracket'), take_profit: fc.record({ limit_price: cents(10_020, 10_500) }), stop_loss: fc.record({ stop_price: cents(9_500, 9_980) }) }),
  fc.record({ side: fc.constant('sell'), type: fc.constant('limit'), qty, limit_price: cents(9_900, 10_100), order_class: fc.constant('bracket'), take_profit: fc.record({ limit_price: cents(9_500, 9_800) }), stop_loss: fc.record({ stop_price: cents(10_200, 10_500) }) }),
);
const plan = fc.array(fc.record({ minute: fc.integer({ min: 0, max: MINUTES - 1 }), order: fc.option(order, { nil: null }) }), { minLength: 1, maxLength: 25 }).map((acts) => acts.sort((left, right) => left.minute - right.minute));

interface Run {
  simulation: Simulation;
  updates: TradeUpdate[];
}

/** Plays the plan: an order, or (null) a cancel of everything open, each at the start of its minute. `stride` minutes are stepped at once where nothing is due. */
const play = (bars: DayBar[], acts: { minute: number; order: object | null }[], stride: number): Run => {
  const simulation = createSimulation({ day: quietDay([], { bars: { ACME: bars } }), at: '09:30', accounts: 1, cash: '100000', exchange: { volume_share: SHARE, stream_oco_cancels: true } });
  const updates: TradeUpdate[] = [];
  simulation.onUpdate((_account, update) => updates.push(update));
  const account = simulation.accounts[0]!;
  const { time } = simulation.market;
  const goTo = (minute: number): void => {
    for (let next = simulation.finished() + stride; next < minute; next += stride) simulation.stepTo(time.startOf(next));
    simulation.stepTo(time.startOf(minute));
  };
  acts.forEach(({ minute, order: asked }, index) => {
    goTo(OPEN + minute);
    if (asked) simulation.exchange.submit(account, { symbol: 'ACME', time_in_force: 'day', client_order_id: `order-${index}`, ...asked });
    else simulation.exchange.cancelAll(account);
  });
  goTo(OPEN + MINUTES);
  return { simulation, updates };
};

const fillsOf = (simulation: Simulation) => simulation.ledger.after(0).filter(({ kind }) => kind === 'fill') as unknown as { symbol: string; side: string; qty: string; price: string; minute: number; order_id: string }[];

describe('whatever the bars and the orders', () => {
  it('fills take no more than their share of a minute and no price that did not trade in it', () => {
    fc.assert(
      fc.property(walk, plan, (bars, acts) => {
        const { simulation } = play(bars, acts, 1);
        const taken = new Map<number, number>();
        for (const fill of fillsOf(simulation)) {
          const one = bars.find(({ minute }) => minute === fill.minute)!;
          taken.set(fill.minute, (taken.get(fill.minute) ?? 0) + Number(fill.qty));
          expect(taken.get(fill.minute)).toBeLessThanOrEqual(one.volume * SHARE);
          expect(Number(fill.price)).toBeGreaterThanOrEqual(one.low);
          expect(Number(fill.price)).toBeLessThanOrEqual(one.high);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a limit is never filled beyond itself', () => {
    fc.assert(
      fc.property(walk, plan, (bars, acts) => {
        const { simulation } = play(bars, acts, 1);
        for (const fill of fillsOf(simulation)) {
          const { limit_price: limit, side } = simulation.accounts[0]!.orders.get(fill.order_id)!;
          if (limit) expect(side === 'buy' ? limit.gte(fill.price) : limit.lte(fill.price)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('two exits of a pair together never sell more than their entry bought, and never both in one minute', () => {
    fc.assert(
      fc.property(walk, plan, (bars, acts) => {
        const { simulation } = play(bars, acts, 1);
        const { orders } = simulation.accounts[0]!;
        const minutes = new Map<string, Set<number>>();
        for (const { order_id, minute } of fillsOf(simulation)) minutes.set(order_id, (minutes.get(order_id) ?? new Set()).add(minute));
        for (const entry of orders.values()) {
          if (entry.leg_ids.length !== 2) continue;
          const [target, stop] = entry.leg_ids.map((id) => orders.get(id)!);
          expect(target!.filled_qty.plus(stop!.filled_qty).lte(entry.filled_qty)).toBe(true);
          const both = [...(minutes.get(target!.id) ?? [])].filter((minute) => minutes.get(stop!.id)?.has(minute));
          expect(both).toEqual([]);
          expect(target!.status === 'filled' && stop!.filled_qty.gt(0)).toBe(false);
          expect(stop!.filled_qty.gt(0) && target!.status !== 'replaced').toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('cash and shares are exactly what the fills say, and open exits never reserve more than is held', () => {
    fc.assert(
      fc.property(walk, plan, (bars, acts) => {
        const { simulation } = play(bars, acts, 1);
        const account = simulation.accounts[0]!;
        let cash = new Exact('100000');
        let shares = new Exact(0);
        for (const { side, qty: filled, price } of fillsOf(simulation)) {
          const signed = side === 'buy' ? new Exact(filled) : new Exact(filled).negated();
          cash = cash.minus(signed.times(price));
          shares = shares.plus(signed);
        }
        expect(account.cash.eq(cash)).toBe(true);
        expect((account.positions.get('ACME')?.qty ?? new Exact(0)).eq(shares)).toBe(true);
        expect(reservedForExits(account, 'ACME').qty.lte(shares.abs())).toBe(true);
        const last = simulation.market.lastTrade('ACME', simulation.finished())!.price;
        expect(account.equity_curve.at(-1)!.equity.eq(cash.plus(shares.times(last)))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('one big step tells the same story as many small ones, and so does the same day again', () => {
    fc.assert(
      fc.property(walk, plan, fc.integer({ min: 2, max: MINUTES }), (bars, acts, stride) => {
        const small = play(bars, acts, 1);
        const big = play(bars, acts, stride);
        expect(big.updates).toEqual(small.updates);
        expect(big.simulation.accounts[0]!.equity_curve).toEqual(small.simulation.accounts[0]!.equity_curve);
        expect(small.updates.map(({ seq }) => seq)).toEqual(small.updates.map((_, index) => index + 1));
      }),
      { numRuns: 40 },
    );
  });
});
