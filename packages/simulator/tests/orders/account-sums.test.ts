import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { maintenancePerShare } from '../../src/exchange/margin.ts';
import { remainingQty, type Order } from '../../src/exchange/order.ts';
import {
  markPrice,
  needsFullMargin,
  reservedValue,
  valueAccount,
} from '../../src/exchange/value-account.ts';
import { createSimulation, type Simulation } from '../../src/simulation.ts';
import { OPEN, bar, security, smallDay } from '../small-day.ts';

const SYMBOLS = ['ACME', 'LENT', 'BARE'] as const;
const MINUTES = 30;

/** Prices that wander by a few dollars, the same in every run. */
const wander = (phase: number) =>
  Array.from({ length: MINUTES }, (_, minute) => {
    const middle = 100 + 3 * Math.sin(minute / 3 + phase);
    const [open, close] = [
      middle.toFixed(2),
      (middle + 0.4 * Math.cos(minute + phase)).toFixed(2),
    ].map(Number) as [number, number];
    return bar(
      OPEN + minute,
      open,
      Math.max(open, close) + 0.5,
      Math.min(open, close) - 0.5,
      close,
      3_000,
    );
  });
const day = smallDay({
  bars: { ACME: wander(0), LENT: wander(2), BARE: wander(4) },
  securities: [security('ACME'), security('LENT'), security('BARE', { marginable: false })],
});

const price = fc.integer({ min: 9_300, max: 10_700 }).map((cents) => (cents / 100).toFixed(2));
const side = fc.constantFrom('buy', 'sell');
const symbol = fc.constantFrom(...SYMBOLS);
const shares = fc.integer({ min: 1, max: 500 }).map(String);
const order = fc.oneof(
  fc.record({ symbol, side, qty: shares, type: fc.constant('market') }),
  fc.record({ symbol, side, qty: shares, type: fc.constant('limit'), limit_price: price }),
  fc.record({ symbol, side, qty: shares, type: fc.constant('stop'), stop_price: price }),
  fc.record({
    symbol,
    side,
    qty: shares,
    type: fc.constant('stop_limit'),
    stop_price: price,
    limit_price: price,
  }),
  fc.record({
    symbol,
    side,
    qty: shares,
    type: fc.constant('trailing_stop'),
    trail_percent: fc.constantFrom('0.5', '1'),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    notional: fc.integer({ min: 1, max: 9_000 }).map(String),
    type: fc.constant('market'),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    qty: shares,
    type: fc.constant('market'),
    order_class: fc.constant('bracket'),
    take_profit: fc.constant({ limit_price: '109.00' }),
    stop_loss: fc.constant({ stop_price: '91.00' }),
  }),
);
const which = fc.nat();
const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('submit' as const), order }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      which,
      qty: shares,
      limit_price: price,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), symbol }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('step' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('widen' as const), symbol }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gap' as const), symbol }) },
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

const perform = (simulation: Simulation, one: Act): void => {
  const account = simulation.accounts[0]!;
  const { exchange, market } = simulation;
  const chosen = (index: number): string =>
    [...account.alive.keys()][index % Math.max(1, account.alive.size)] ?? 'none';
  if (one.kind === 'submit') exchange.submit(account, { time_in_force: 'day', ...one.order });
  else if (one.kind === 'cancel') exchange.cancel(account, chosen(one.which));
  else if (one.kind === 'replace') {
    const id = chosen(one.which);
    const limited = exchange.order(account, id)?.limit_price
      ? { limit_price: one.limit_price }
      : {};
    exchange.replace(account, id, { qty: one.qty, ...limited });
  } else if (one.kind === 'close') exchange.closePosition(account, one.symbol, null);
  else if (one.kind === 'step') simulation.stepTo(simulation.now() + 60_000);
  else if (one.kind === 'widen')
    market.inject([
      {
        symbol: one.symbol,
        kind: 'wide_spread',
        from_minute: simulation.finished(),
        to_minute: simulation.finished() + 2,
      },
    ]);
  else market.setGaps(one.symbol, [{ from_minute: simulation.finished() - 1, ratio: 1.1 }]);
};

/** The account added up anew, position by position and order by order. */
const addedUp = ({ accounts, market, finished }: Simulation) => {
  const account = accounts[0]!;
  const sum = (values: Decimal[]) =>
    values.reduce((total, value) => total.plus(value), new Exact(0));
  const positions = [...account.positions.values()].map(({ symbol: held, qty }) => {
    const last = markPrice(market, held, finished());
    const full = needsFullMargin(market, held);
    return {
      value: qty.times(last),
      full,
      maintenance: qty.abs().times(maintenancePerShare(last, qty.isNegative(), !full)),
    };
  });
  const values = positions.map(({ value }) => value);
  const equity = account.cash.plus(sum(values));
  const { multiplier } = valueAccount(account, market, finished());
  const marginAt = (times: number) =>
    sum(positions.map(({ value, full }) => (full ? value.abs() : value.abs().div(times))));
  const opening = [...account.alive.values()].filter(
    ({ role, position_intent: intent }) => role === 'entry' && intent.endsWith('_to_open'),
  );
  const asked = (one: Order): Decimal => reservedValue(market, finished(), one, remainingQty(one));
  const reserved = sum(
    opening.map((one) =>
      Decimal.max(asked(one), one.replacement ? asked(one.replacement) : 0).times(
        needsFullMargin(market, one.symbol) ? multiplier : 1,
      ),
    ),
  );
  return {
    equity: equity.toFixed(),
    long_market_value: sum(values.filter((value) => value.gt(0))).toFixed(),
    short_market_value: sum(values.filter((value) => value.lt(0))).toFixed(),
    initial_margin: marginAt(Math.min(2, multiplier)).toFixed(),
    maintenance_margin: sum(positions.map(({ maintenance }) => maintenance)).toFixed(),
    buying_power: Decimal.max(
      0,
      equity.minus(marginAt(multiplier)).times(multiplier).minus(reserved),
    ).toFixed(),
  };
};

describe('an account', () => {
  it('is worth what its positions and open orders add up to, after whatever orders, fills, cancels, replacements, gaps and wide spreads', () => {
    const seen = { positions: 0, orders: 0 };
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 60 }), (acts) => {
        const simulation = createSimulation({
          day,
          at: '09:30',
          accounts: 1,
          cash: '250000',
          exchange: { volume_share: 0.1, stream_oco_cancels: true },
        });
        const account = simulation.accounts[0]!;
        const compare = (): void => {
          const value = valueAccount(account, simulation.market, simulation.finished());
          const expected = addedUp(simulation);
          expect(
            Object.fromEntries(
              Object.keys(expected).map((name) => [
                name,
                (value[name as keyof typeof expected] as Decimal).toFixed(),
              ]),
            ),
          ).toEqual(expected);
        };
        // Also in the middle of a minute, between the fills of one order and another.
        simulation.onUpdate(compare);
        for (const one of acts) {
          perform(simulation, one);
          compare();
          seen.positions = Math.max(seen.positions, account.positions.size);
          seen.orders = Math.max(seen.orders, account.alive.size);
        }
      }),
      { numRuns: 150 },
    );
    expect(seen.positions).toBeGreaterThan(1);
    expect(seen.orders).toBeGreaterThan(3);
  });
});
