import { describe, expect, it } from '@jest/globals';
import { ceilToTick, Exact, floorToTick } from '@catalyst/domain';
import fc from 'fast-check';
import { createSimulation } from '../../src/simulation.ts';
import { bar, OPEN, smallDay } from '../small-day.ts';
import { afterTheAnswer, openExchange, priceOf } from './open-exchange.ts';

const atOnce = { fills: 'at_once' } as const;

describe('an exchange that fills at once', () => {
  it('answers an order as it was taken, and fills it from the quote before the clock moves', async () => {
    const desk = openExchange([], atOnce);
    const order = desk.place({ qty: '10' });
    expect(order.status).toBe('new');
    await afterTheAnswer();
    expect(order.status).toBe('filled');
    expect(Number(priceOf(order))).toBeGreaterThan(100);
    expect(Number(priceOf(order))).toBeLessThanOrEqual(100.05);
    expect(desk.events()).toEqual(['pending_new', 'new', 'fill']);
  });

  it('lets a limit that does not reach the quote rest, and fills it by the bars', async () => {
    const desk = openExchange([], atOnce);
    const away = desk.place({ qty: '10', type: 'limit', limit_price: '99.50' });
    await afterTheAnswer();
    expect(away.status).toBe('new');
    desk.step('10:05');
    expect(away.status).toBe('new');
  });

  it('never fills a limit beyond itself', async () => {
    const desk = openExchange([], atOnce);
    const order = desk.place({ qty: '10', type: 'limit', limit_price: '100.02' });
    await afterTheAnswer();
    expect(priceOf(order)).toBe('100.02');
  });

  it('gives an account no more than its share of the minute that is over, whatever the number of its orders; the rest meets the next bar', async () => {
    const desk = openExchange([], atOnce);
    const first = desk.place({ qty: '700', type: 'limit', limit_price: '101' });
    const second = desk.place({ qty: '250', type: 'limit', limit_price: '101' });
    await afterTheAnswer();
    expect([first.filled_qty.toFixed(), second.filled_qty.toFixed()]).toEqual(['700', '250']);
    const third = desk.place({ qty: '30', type: 'limit', limit_price: '101' });
    const fourth = desk.place({ qty: '30', type: 'limit', limit_price: '101' });
    await afterTheAnswer();
    expect([third.filled_qty.toFixed(), fourth.filled_qty.toFixed()]).toEqual(['30', '20']);
    desk.step('10:01');
    expect(fourth.status).toBe('filled');
  });

  it('cancels what ioc leaves over and fills fok wholly or not at all', async () => {
    const desk = openExchange([], atOnce);
    const all = desk.place({ qty: '990', time_in_force: 'fok' });
    await afterTheAnswer();
    expect(all.status).toBe('filled');
    const rest = desk.place({ side: 'sell', qty: '900', time_in_force: 'ioc' });
    await afterTheAnswer();
    expect([rest.status, rest.filled_qty.toFixed()]).toEqual(['canceled', '10']);
    const tooMuch = desk.place({ side: 'sell', qty: '20', time_in_force: 'fok' });
    await afterTheAnswer();
    expect([tooMuch.status, tooMuch.filled_qty.toFixed()]).toEqual(['canceled', '0']);
    desk.step('10:01');
    const unreached = desk.place({
      qty: '1',
      type: 'limit',
      limit_price: '90',
      time_in_force: 'ioc',
    });
    await afterTheAnswer();
    expect([unreached.status, unreached.filled_qty.toFixed()]).toEqual(['canceled', '0']);
  });

  it('fills nothing before the open and nothing from a quote when it fills by bars', async () => {
    const early = openExchange([], atOnce, '09:00');
    const waiting = early.place({ qty: '10' });
    await afterTheAnswer();
    expect(waiting.status).toBe('accepted');
    const byBars = openExchange([], {});
    const order = byBars.place({ qty: '10' });
    await afterTheAnswer();
    expect(order.status).toBe('new');
  });

  it('fills at the standing quote or worse, by no more than half the spread and the impact, whatever has traded', () => {
    const cents = fc.integer({ min: 50, max: 40_000 });
    fc.assert(
      fc.property(
        fc.record({
          prices: fc.tuple(cents, cents, cents, cents),
          volume: fc.integer({ min: 100, max: 1_000_000 }),
          seed: fc.integer({ min: 0, max: 1_000 }),
          qty: fc.integer({ min: 1, max: 2_000 }),
          side: fc.constantFrom('buy', 'sell'),
          impact_ratio: fc.constantFrom(0, 0.6),
        }),
        ({ prices, volume, seed, qty, side, impact_ratio }) => {
          const [low, one, two, high] = prices
            .toSorted((a, b) => a - b)
            .map((price) => price / 100) as [number, number, number, number];
          const minute = bar(OPEN, one, high, low, two, volume);
          const simulation = createSimulation({
            day: smallDay({ bars: { ACME: [minute] }, seed }),
            at: '09:31',
            accounts: 1,
            cash: '100000000',
            exchange: { ...atOnce, volume_share: 0.1, stream_oco_cancels: true, impact_ratio },
          });
          const order = simulation.exchange.submit(simulation.accounts[0]!, {
            symbol: 'ACME',
            side,
            qty: String(qty),
            type: 'market',
            time_in_force: 'day',
          });
          simulation.exchange.passTime();
          if (!order.ok || order.value.filled_qty.isZero()) return;
          const price = new Exact(priceOf(order.value));
          const { bid, ask } = simulation.market.quote('ACME', OPEN + 1)!;
          const share = order.value.filled_qty.toNumber() / volume;
          const most = ask
            .minus(bid)
            .div(2)
            .plus(impact_ratio * (high - low) * Math.sqrt(share));
          if (side === 'buy') {
            expect(price.gte(ask)).toBe(true);
            expect(price.lte(ceilToTick(ask.plus(most)))).toBe(true);
          } else {
            expect(price.lte(bid)).toBe(true);
            expect(price.gte(floorToTick(Exact.max(bid.minus(most), '0.0001')))).toBe(true);
          }
        },
      ),
    );
  });
});
