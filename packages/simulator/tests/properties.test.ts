import { describe, expect, it } from '@jest/globals';
import { Exact, type OrderStatus } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { reservedForExits, type Account } from '../src/exchange/account.ts';
import { mayBecome, nextStatuses } from '../src/exchange/order-states.ts';
import { isAlive, type Order } from '../src/exchange/order.ts';
import { valueAccount } from '../src/exchange/value-account.ts';
import type { Simulation } from '../src/simulation.ts';
import { play, type Fill, type Played } from './random-session/play.ts';
import { plan, pursuit, type Plan } from './random-session/random-plan.ts';
import { runs } from './random-session/runs.ts';
import { CASH, CLOSE_MINUTE, SHARE, SYMBOLS } from './random-session/session.ts';
import { OPEN } from './small-day.ts';

const sum = (values: Iterable<Decimal>): Decimal =>
  [...values].reduce((total, value) => total.plus(value), new Exact(0));
const signed = ({ side, qty }: Fill): Decimal => new Exact(qty).times(side === 'buy' ? 1 : -1);
const ordersOf = ({ simulation: { accounts } }: Played) =>
  accounts.flatMap((account) => [...account.orders.values()].map((order) => ({ account, order })));
const fillsOf = ({ fills }: Played, id: string): Fill[] =>
  fills.filter(({ order_id }) => order_id === id);

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

const mayTrade = (buy: Order, sell: Order): boolean =>
  !buy.limit_price || !sell.limit_price || buy.limit_price.gte(sell.limit_price);

/**
 * No account could trade with itself, at every instant: neither its plain orders nor what is on its
 * way to their places.
 */
const lookAtOpposites = ({ accounts }: Simulation): void => {
  for (const { alive } of accounts) {
    const plain = (symbol: string, side: 'buy' | 'sell'): Order[] =>
      [...alive.ofSide(symbol, side)]
        .filter((order) => order.order_class === 'simple' && order.type !== 'trailing_stop')
        .flatMap((order) => [order, ...(order.replacement ? [order.replacement] : [])]);
    for (const symbol of SYMBOLS)
      for (const buy of plain(symbol, 'buy'))
        expect(
          plain(symbol, 'sell')
            .filter((sell) => mayTrade(buy, sell))
            .map(({ id }) => `${buy.id} ${id}`),
        ).toEqual([]);
  }
};

describe('whatever the bars, the halts, the rules and what three accounts ask for', () => {
  it('an account takes no more than its share of a minute, and no price that did not trade in it', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        const { market } = played.simulation;
        const taken = new Map<string, Decimal>();
        for (const { account_number, symbol, minute, qty, price } of played.fills) {
          const traded = market.barAt(symbol, minute)!;
          const key = `${account_number} ${symbol} ${minute}`;
          taken.set(key, (taken.get(key) ?? new Exact(0)).plus(qty));
          expect(taken.get(key)!.toNumber()).toBeLessThanOrEqual(traded.volume * SHARE);
          if (planned.rules.fills === 'at_once') continue;
          expect(Number(price)).toBeGreaterThanOrEqual(traded.low);
          expect(Number(price)).toBeLessThanOrEqual(traded.high);
        }
      }),
      runs(20),
    );
  });

  it('an order fills within its limit, its shares, its dollars and its hours, and never in a halt', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        const { market } = played.simulation;
        for (const { order } of ordersOf(played)) {
          const fills = fillsOf(played, order.id);
          const { limit_price: limit, side, time_in_force: force } = order;
          for (const { price, minute } of fills) {
            if (limit) expect(side === 'buy' ? limit.gte(price) : limit.lte(price)).toBe(true);
            expect(
              market.time.inRegularSession(minute) ||
                order.extended_hours ||
                planned.rules.fills === 'at_once',
            ).toBe(true);
            if (planned.rules.fills !== 'at_once')
              expect(market.happening(order.symbol, 'halt', minute)).toBe(false);
          }
          expect(sum(fills.map(({ qty }) => new Exact(qty))).eq(order.filled_qty)).toBe(true);
          expect(order.filled_qty.lte(order.qty)).toBe(true);
          if (order.notional) expect(order.filled_value.lte(order.notional)).toBe(true);
          if (force === 'fok')
            expect(order.filled_qty.isZero() || order.filled_qty.eq(order.qty)).toBe(true);
          if (force === 'ioc' || force === 'fok')
            expect(new Set(fills.map(({ at }) => at)).size).toBeLessThanOrEqual(1);
          if (force === 'cls')
            expect(fills.every(({ minute }) => minute === CLOSE_MINUTE - 1)).toBe(true);
          if (force === 'opg')
            expect(
              fills.every(
                ({ minute, symbol }) =>
                  minute ===
                  planned.bars[symbol].find(
                    (bar) => bar.minute >= OPEN && market.barAt(symbol, bar.minute),
                  )!.minute,
              ),
            ).toBe(true);
        }
      }),
      runs(20),
    );
  });

  it('no account has two plain orders that could trade with each other', () => {
    fc.assert(
      fc.property(plan, (planned) => void play(planned, 1, lookAtOpposites)),
      runs(20),
    );
  });

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

  it('a status moves only along the table, and after the day nothing lives on but what is good till canceled or for the next session', () => {
    const reached = new Set<OrderStatus>();
    const playAndLook = (planned: Plan): void => {
      const { simulation, updates } = play(planned);
      const known = new Map<string, OrderStatus>();
      for (const {
        update: { order, event },
      } of updates) {
        const before = known.get(order.id);
        if (before === undefined)
          expect(['pending_new', 'accepted', 'held']).toContain(order.status);
        else if (before !== order.status)
          expect(
            mayBecome(before, order.status) ? 'drawn' : `${before} to ${order.status} by ${event}`,
          ).toBe('drawn');
        known.set(order.id, order.status);
        reached.add(order.status);
      }
      for (const account of simulation.accounts) {
        for (const order of account.orders.values()) {
          expect(isAlive(order)).toBe(
            [...account.alive.keys()].includes(order.id) || order.takes_over_at !== null,
          );
          if (isAlive(order))
            expect(order.time_in_force === 'gtc' || order.expires_at > simulation.now()).toBe(true);
          else expect(nextStatuses(order.status)).toEqual([]);
          if (order.replaced_by !== null)
            expect(account.orders.get(order.replaced_by)).toBeDefined();
        }
      }
    };
    fc.assert(fc.property(plan, playAndLook), runs(20));
    // Twenty random days reach them all nearly always; where they did not, so do some more.
    const unreached = () =>
      (['new', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected'] as const).filter(
        (status) => !reached.has(status),
      );
    for (let day = 0; day < 200 && unreached().length > 0; day += 1)
      playAndLook(fc.sample(plan, 1)[0]!);
    expect(unreached()).toEqual([]);
  });

  it('two exits of a pair together never close more than their entry opened, and never both in one minute', () => {
    fc.assert(
      fc.property(plan, (planned) => {
        const played = play(planned);
        for (const { account, order: entry } of ordersOf(played)) {
          if (entry.leg_ids.length !== 2 || entry.replaced_by !== null) continue;
          const [target, stop] = entry.leg_ids.map((id) => account.orders.get(id)!) as [
            typeof entry,
            typeof entry,
          ];
          expect(
            filledBy(account, target.id)
              .plus(filledBy(account, stop.id))
              .lte(filledBy(account, entry.id)),
          ).toBe(true);
          const minutes = new Set(fillsOf(played, target.id).map(({ minute }) => minute));
          expect(fillsOf(played, stop.id).filter(({ minute }) => minutes.has(minute))).toEqual([]);
          expect(target.status === 'filled' && stop.filled_qty.gt(0)).toBe(false);
          if (stop.filled_qty.gt(0)) expect(isAlive(target)).toBe(false);
        }
      }),
      runs(20),
    );
  });

  it('the exits of an entry that is filled are for all that it bought, replaced or not, where no other order may have taken its shares', () => {
    fc.assert(
      fc.property(fc.oneof(plan, { weight: 4, arbitrary: pursuit }), (planned) => {
        const played = play(planned);
        for (const { account, order: entry } of ordersOf(played)) {
          if (entry.leg_ids.length === 0 || entry.role !== 'entry' || entry.status !== 'filled')
            continue;
          const exits = entry.leg_ids.map((id) => account.orders.get(id)!);
          const own = new Set(exits.flatMap(({ id }) => chainOf(account, id)));
          const mayHaveTaken = (order: Order): boolean =>
            order.symbol === entry.symbol &&
            order.side !== entry.side &&
            !own.has(order) &&
            order.created_at <= entry.filled_at!;
          if ([...account.orders.values()].some(mayHaveTaken)) continue;
          const [first] = exits as [Order];
          expect(
            first.qty.minus(first.filled_qty).plus(filledBy(account, first.id)).toFixed(),
          ).toBe(filledBy(account, entry.id).toFixed());
        }
      }),
      runs(20),
    );
  });

  it('one big step tells the same story as many small ones, and so does the same day again', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 2, max: 60 }), (planned, stride) => {
        const small = play(planned);
        const big = play(planned, stride);
        expect(big.updates.map(({ update }) => update)).toEqual(
          small.updates.map(({ update }) => update),
        );
        small.simulation.accounts.forEach((account, index) => {
          expect(big.simulation.accounts[index]!.equity_curve).toEqual(account.equity_curve);
          const own = small.updates
            .filter((one) => one.account === account)
            .map(({ update }) => update.seq);
          expect(own).toEqual(own.map((_, at) => at + 1));
        });
      }),
      runs(20),
    );
  });
});

/** An order and all that it replaced. */
function chainOf(account: Account, id: string): Order[] {
  const order = account.orders.get(id)!;
  return order.replaces === null ? [order] : [order, ...chainOf(account, order.replaces)];
}

/** Shares that an order and all that it replaced have filled. */
function filledBy(account: Account, id: string): Decimal {
  return sum(chainOf(account, id).map((order) => order.filled_qty));
}
