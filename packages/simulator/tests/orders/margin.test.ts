import { describe, expect, it } from '@jest/globals';
import { Exact } from '@catalyst/domain';
import { bookExecution } from '../../src/exchange/account.ts';
import { changeConfiguration } from '../../src/exchange/account-configuration.ts';
import { maintenancePerShare } from '../../src/exchange/margin.ts';
import { valueAccount } from '../../src/exchange/value-account.ts';
import { flat, quietDay, security, smallDay, OPEN, CLOSE } from '../small-day.ts';
import { openExchange, verdict, type OpenExchange } from './open-exchange.ts';

const value = ({ account, simulation }: OpenExchange) =>
  valueAccount(account, simulation.market, simulation.finished());

describe('buying power', () => {
  it.each([
    ['100000', '4', 4, '400000'],
    ['100000', '2', 2, '200000'],
    ['100000', '1', 1, '100000'],
    ['2000', '4', 4, '8000'],
    ['1999', '4', 1, '1999'],
  ])(
    'of %s dollars with a ceiling of %s is %i times as much',
    (cash, ceiling, multiplier, power) => {
      const opened = openExchange(quietDay([]), { cash });
      changeConfiguration(opened.account, { max_margin_multiplier: ceiling });
      expect(value(opened)).toMatchObject({ multiplier });
      expect(value(opened).buying_power.toFixed()).toBe(power);
    },
  );

  it('without margin is the cash that is left', () => {
    const opened = openExchange(quietDay([]), { cash: '1500' });
    opened.place({ qty: '5' });
    opened.step('10:01');
    expect(value(opened).buying_power.toFixed()).toBe(opened.account.cash.toFixed());
    expect(verdict(opened.submit({ qty: '11' }))).toBe('403 40310000 insufficient buying power');
  });

  it('is taken whole by a security that is not marginable', () => {
    const opened = openExchange(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100) },
        securities: [security('ACME', { marginable: false })],
      }),
    );
    opened.place({ qty: '600', type: 'limit', limit_price: '100' });
    expect(value(opened).buying_power.toFixed()).toBe('160000');
    expect(value(opened).non_marginable_buying_power.toFixed()).toBe('40000');
  });

  it('within the day is four times what positions leave free, and overnight twice what Regulation T leaves', () => {
    const opened = openExchange(quietDay([], { bars: { ACME: flat(OPEN, CLOSE, 100, 100_000) } }));
    opened.place({ qty: '1500', type: 'limit', limit_price: '100.02' });
    expect(value(opened).regt_buying_power.toFixed()).toBe('49970');
    opened.step('10:01');
    const { buying_power, regt_buying_power, initial_margin, equity, long_market_value } =
      value(opened);
    expect(long_market_value.toFixed()).toBe('150000');
    expect(initial_margin.toFixed()).toBe('75000');
    expect(buying_power.toFixed()).toBe(equity.times(4).minus('150000').toFixed());
    expect(regt_buying_power.toFixed()).toBe(equity.minus('75000').times(2).toFixed());
  });

  it('allows four times the equity to be bought and no dollar more', () => {
    const opened = openExchange(quietDay([]));
    expect(verdict(opened.submit({ qty: '4001', type: 'limit', limit_price: '100' }))).toBe(
      '403 40310000 insufficient buying power',
    );
    expect(verdict(opened.submit({ qty: '4000', type: 'limit', limit_price: '100' }))).toBe(
      'taken',
    );
  });
});

describe('an account with a position of more than six times its equity', () => {
  it('may close it, and open nothing', () => {
    const opened = openExchange(
      smallDay({ bars: { ACME: flat(OPEN, CLOSE, 100), BETA: flat(OPEN, CLOSE, 10) } }),
      { cash: '20000' },
    );
    bookExecution(opened.account, 'ACME', 'buy', new Exact(1_200), new Exact(100));
    expect(verdict(opened.submit({ symbol: 'BETA', qty: '1' }))).toBe(
      '403 40310000 insufficient buying power',
    );
    bookExecution(opened.account, 'ACME', 'buy', new Exact(1), new Exact(100));
    expect(verdict(opened.submit({ symbol: 'BETA', qty: '1' }))).toBe(
      '403 40310000 account is restricted to closing orders: a position is larger than 600% of its equity',
    );
    expect(verdict(opened.submit({ side: 'sell', qty: '1000' }))).toBe('taken');
  });
});

describe('maintenance margin', () => {
  it.each([
    ['2', false, true, '2'],
    ['2.5', false, true, '1.25'],
    ['5.99', false, true, '2.995'],
    ['6', false, true, '1.8'],
    ['100', false, true, '30'],
    ['100', false, false, '100'],
    ['2', true, true, '2.5'],
    ['4', true, true, '4'],
    ['5', true, true, '5'],
    ['16', true, true, '5'],
    ['100', true, true, '30'],
  ])(
    'of a share at %s (short: %s, marginable: %s) is %s',
    (price, isShort, isMarginable, expected) => {
      expect(maintenancePerShare(new Exact(price), isShort, isMarginable).toFixed()).toBe(expected);
    },
  );

  it('of an account is the sum of its positions', () => {
    const opened = openExchange(quietDay([]));
    opened.place({ side: 'sell' });
    opened.step('10:01');
    expect(value(opened).maintenance_margin.toFixed()).toBe('3000');
  });
});

describe('a short sale', () => {
  it('of a security that is hard to borrow is refused, and what is held can be sold', () => {
    const opened = openExchange(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100) },
        securities: [security('ACME', { easy_to_borrow: false })],
      }),
    );
    expect(verdict(opened.submit({ side: 'sell' }))).toBe(
      '422 42210000 asset "ACME" cannot be sold short',
    );
    opened.place({});
    opened.step('10:01');
    expect(verdict(opened.submit({ side: 'sell' }))).toBe('taken');
  });

  it('and what is held of it take orders for the day only', () => {
    const opened = openExchange(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100) },
        securities: [security('ACME', { easy_to_borrow: false })],
      }),
    );
    const refused = '422 42210000 only day orders are allowed for hard-to-borrow asset "ACME"';
    expect(verdict(opened.submit({ time_in_force: 'gtc' }))).toBe(refused);
    opened.place({});
    opened.step('10:01');
    const stop = { side: 'sell', type: 'stop', stop_price: '98' };
    expect(verdict(opened.submit({ ...stop, time_in_force: 'gtc' }))).toBe(refused);
    const resting = opened.place(stop);
    expect(verdict(opened.replace(resting, { time_in_force: 'gtc' }))).toBe(refused);
    expect(verdict(opened.replace(resting, { stop_price: '97' }))).toBe('taken');
  });
});

describe('a position intent', () => {
  it.each([
    [{ position_intent: 'buy_to_open' }, 'taken'],
    [
      { position_intent: 'buy_to_close' },
      '422 42210000 position intent mismatch, inferred: buy_to_open, specified: buy_to_close',
    ],
    [
      { side: 'sell', position_intent: 'sell_to_close' },
      '422 42210000 position intent mismatch, inferred: sell_to_open, specified: sell_to_close',
    ],
    [{ position_intent: 'open' }, '422 40010001 invalid position_intent: open'],
  ])('%j is answered %s', (order, expected) => {
    expect(verdict(openExchange(quietDay([])).submit(order))).toBe(expected);
  });
});

describe('a limit far from the market', () => {
  it('is taken as usual, and refused beyond the ratio that the exchange is given', () => {
    const far = { type: 'limit', limit_price: '49.99' };
    expect(verdict(openExchange(quietDay([])).submit(far))).toBe('taken');
    const collared = openExchange(quietDay([]), { exchange: { limit_collar_ratio: 0.5 } });
    expect(verdict(collared.submit(far))).toBe(
      '422 42210000 limit price 49.99 is too far from the market price 100',
    );
    expect(verdict(collared.submit({ type: 'limit', limit_price: '50' }))).toBe('taken');
  });
});
