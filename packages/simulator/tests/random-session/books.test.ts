import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { reservedForExits } from '../../src/exchange/account.ts';
import { valueAccount } from '../../src/exchange/value-account.ts';
import type { Simulation } from '../../src/simulation.ts';
import { play, type Fill } from './play.ts';
import { sum } from './played-orders.ts';
import { plan } from './random-plan.ts';
import { runs } from './runs.ts';
import { CASH, SYMBOLS } from './session.ts';

const signed = ({ side, qty }: Fill): Decimal => new Exact(qty).times(side === 'buy' ? 1 : -1);

/** What an account has earned and what its shares cost, from its fills alone, at average cost. */
const bookOf = (fills: readonly Fill[]) => {
  const positions = new Map<string, { qty: Decimal; average: Decimal }>();
  let realized = new Exact(0);
  for (const fill of fills) {
    let { qty, average } = positions.get(fill.symbol) ?? {
      qty: new Exact(0),
      average: new Exact(0),
    };
    const price = new Exact(fill.price);
    const added = signed(fill);
    const closing =
      qty.isZero() || qty.isNegative() === added.isNegative()
        ? new Exact(0)
        : added.abs().lt(qty.abs())
          ? added.negated()
          : qty;
    realized = realized.plus(closing.times(price.minus(average)));
    const opening = added.plus(closing);
    const left = qty.minus(closing);
    const total = left.plus(opening);
    if (!opening.isZero()) average = left.times(average).plus(opening.times(price)).div(total);
    qty = total;
    if (qty.isZero()) positions.delete(fill.symbol);
    else positions.set(fill.symbol, { qty, average });
  }
  return { positions, realized };
};

/** Open exits never hold more than there is, at every instant. */
const lookAtShares = ({ accounts }: Simulation): void => {
  for (const account of accounts) {
    for (const symbol of SYMBOLS) {
      const held = account.positions.get(symbol)?.qty.abs() ?? new Exact(0);
      expect(held.minus(reservedForExits(account, symbol).qty).toNumber()).toBeGreaterThanOrEqual(
        0,
      );
    }
  }
};

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('cash, shares, average prices and profit are what the fills say, and equity is cash and shares', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const { simulation, fills } = play(planned, 1, lookAtShares);
        for (const account of simulation.accounts) {
          const own = fills.filter(
            ({ account_number }) => account_number === account.account_number,
          );
          const { positions, realized } = bookOf(own);
          expect(
            account.cash.eq(
              sum([
                new Exact(CASH),
                ...own.map((fill) => signed(fill).times(fill.price).negated()),
              ]),
            ),
          ).toBe(true);
          expect(
            [...account.positions.values()]
              .map(({ symbol, qty }) => `${symbol} ${qty.toFixed()}`)
              .sort(),
          ).toEqual([...positions].map(([symbol, { qty }]) => `${symbol} ${qty.toFixed()}`).sort());
          const cost = sum(
            [...account.positions.values()].map(({ qty, avg_entry_price }) =>
              qty.times(avg_entry_price),
            ),
          );
          // average prices are divisions: the difference is rounded, since both sides of a half may be
          const apart = account.cash.plus(cost).minus(CASH).minus(realized);
          expect(apart.abs().toDecimalPlaces(9).toFixed()).toBe('0');
          const worth = sum(
            [...account.positions.values()].map(({ symbol, qty }) =>
              qty.times(simulation.market.lastTrade(symbol, simulation.finished())!.price),
            ),
          );
          expect(account.equity_curve.at(-1)!.equity.eq(account.cash.plus(worth))).toBe(true);
          expect(
            valueAccount(account, simulation.market, simulation.finished()).equity.eq(
              account.cash.plus(worth),
            ),
          ).toBe(true);
        }
      }),
      runs(20),
    );
  });
});
