import { describe, expect, it } from '@jest/globals';
import {
  isStopLimitPassed,
  ownExitOf,
  ownExitRequest,
  refusalOfOwnExit,
  type OwnExit,
} from './own-exit.ts';

const refusal = (
  exit: OwnExit,
  { direction = 'long' as 'long' | 'short', qty = '10', last_price = '100' as string | null } = {},
  floor = direction === 'long' ? '98' : '102',
): string | null =>
  refusalOfOwnExit(
    ownExitRequest('id', { symbol: 'ACME', direction, qty }, exit, floor),
    { symbol: 'ACME', direction, last_price },
    floor,
  );
const limit = (limit_price: string): OwnExit => ({ kind: 'limit', limit_price });
const oco = (limit_price: string, stop_price: string): OwnExit => ({
  kind: 'oco',
  limit_price,
  stop_price,
});
const stopLimit = (stop_price: string, limit_price: string): OwnExit => ({
  kind: 'stop_limit',
  stop_price,
  limit_price,
});
const percent = (trail_percent: string): OwnExit => ({ kind: 'trailing_percent', trail_percent });
const dollars = (trail_price: string): OwnExit => ({ kind: 'trailing_dollars', trail_price });

describe('an exit of one’s own', () => {
  it.each([
    ['a limit above the price', limit('104'), {}],
    ['a limit at the price, which sells at once', limit('100'), {}],
    ['a pair whose stop is nearer', oco('104', '99'), {}],
    ['a stop-limit whose limit is where the stop was', stopLimit('99', '98'), {}],
    ['a trail that begins where the stop is', percent('2'), {}],
    ['a trail in dollars', dollars('1.50'), {}],
    ['of a short', oco('96', '101'), { direction: 'short' as const }],
    ['that trails a short', percent('2'), { direction: 'short' as const }],
  ])('may be %s', (_name, exit, held) => {
    expect(refusal(exit, held)).toBeNull();
  });

  it.each([
    ['without a price', limit('104'), { last_price: null }, 'no price of ACME'],
    ['for parts of a share', limit('104'), { qty: '2.5' }, 'parts of a share'],
    ['a limit below the stop', limit('97'), {}, 'not beyond its stop'],
    ['a limit of nothing', limit('0'), {}, 'not on a tick'],
    ['a limit below nothing', limit('-104'), {}, 'not on a tick'],
    ['a limit between ticks', limit('104.001'), {}, 'not on a tick'],
    ['a limit ten times too high', limit('1040'), {}, 'too far from the price'],
    ['a stop farther away', oco('104', '97'), {}, 'does not move it away'],
    ['a stop above the price', oco('104', '101'), {}, 'would sell ACME at once'],
    ['a stop above its limit', oco('99', '99.50'), {}, 'not beyond its stop'],
    ['a stop ten times too low', oco('104', '9.80'), {}, 'too far from the price'],
    ['a stop-limit whose limit is above it', stopLimit('99', '99.50'), {}, 'not at its stop'],
    ['a stop-limit behind the stop that was', stopLimit('99', '97.99'), {}, 'is behind the stop'],
    ['a trail of nothing', percent('0'), {}, 'cannot trail by 0'],
    ['a trail below nothing', dollars('-1'), {}, 'cannot trail by -1'],
    ['a trail wider than the stop', percent('2.1'), {}, 'does not move it away'],
    ['a trail of more than the price', dollars('120'), {}, 'does not move it away'],
    [
      'of a short a limit above its stop',
      oco('103', '101'),
      { direction: 'short' as const },
      'not beyond',
    ],
  ])('is never %s', (_name, exit, held, says) => {
    expect(refusal(exit, held)).toContain(says);
  });
});

describe('the stop behind a stop-limit', () => {
  const order = (type: string, stop_price: string | null, over = {}) => ({
    role: 'stop',
    type,
    status: 'canceled',
    stop_price,
    is_adopted: false,
    ...over,
  });
  const before = [order('stop', '98'), order('stop_limit', '99')];
  const passed = (last_price: string | null, orders = before) =>
    isStopLimitPassed({ direction: 'long', last_price }, orders, orders.slice(-1));

  it('is where the stop was that it took the place of; a price that comes to it ends the patience', () => {
    expect(['98.01', '98', '90', null].map((price) => passed(price))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is none behind a stop, nor behind what a stranger placed', () => {
    expect(passed('90', [order('stop', '98')])).toBe(false);
    expect(
      passed('90', [order('stop', '98'), order('stop_limit', '99', { is_adopted: true })]),
    ).toBe(false);
  });
});

describe('the prices of an exit', () => {
  it.each([
    [{}, null],
    [{ limit_price: '104' }, { kind: 'limit', limit_price: '104' }],
    [
      { limit_price: '104', stop_price: '99' },
      { kind: 'oco', limit_price: '104', stop_price: '99' },
    ],
    [
      { stop_price: '99', stop_limit_price: '98.5' },
      { kind: 'stop_limit', stop_price: '99', limit_price: '98.5' },
    ],
    [{ stop_price: '99' }, { kind: 'stop', stop_price: '99' }],
    [{ trail_percent: '2' }, { kind: 'trailing_percent', trail_percent: '2' }],
    [{ trail_price: '2' }, { kind: 'trailing_dollars', trail_price: '2' }],
  ])('%j ask for %j', (prices, exit) => {
    expect(ownExitOf(prices)).toEqual(exit);
  });
  it.each([
    { stop_limit_price: '98' },
    { stop_limit_price: '98', stop_price: '99', limit_price: '104' },
    { trail_percent: '2', trail_price: '2' },
    { trail_percent: '2', stop_price: '99' },
    { trail_price: '2', limit_price: '104' },
    { trail_price: '2', stop_limit_price: '98' },
  ])('%j contradict each other', (prices) => {
    expect(ownExitOf(prices)).toMatchObject({ kind: 'contradiction' });
  });
});
