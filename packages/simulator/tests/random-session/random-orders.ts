import fc from 'fast-check';
import { SYMBOLS } from './session.ts';

export const symbol = fc.constantFrom(...SYMBOLS);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const cents = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((price) => (price / 100).toFixed(2));
export const whole = fc.integer({ min: 1, max: 400 }).map(String);
const fraction = fc.integer({ min: 1, max: 40_000_000 }).map((parts) => (parts / 1e6).toFixed(6));
export const anyPrice = cents(9_700, 10_300);
const lasting = fc.constantFrom('day', 'day', 'gtc');
const target = fc.record({ limit_price: cents(10_020, 10_500) });
const stop = fc.record({ stop_price: cents(9_500, 9_980) });
export const longBracket = fc.record({
  symbol,
  side: fc.constant('buy'),
  type: fc.constant('limit'),
  limit_price: cents(9_990, 10_100),
  qty: whole,
  order_class: fc.constant('bracket'),
  time_in_force: lasting,
  take_profit: fc.constant({ limit_price: '102' }),
  stop_loss: stop,
});
/** An order of any type, class and time in force, for shares or dollars, on either side. */
export const order = fc.oneof(
  fc.record({
    symbol,
    side,
    type: fc.constant('market'),
    qty: whole,
    time_in_force: fc.constantFrom('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('limit'),
    qty: whole,
    limit_price: anyPrice,
    time_in_force: fc.constantFrom('day', 'day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('limit'),
    qty: whole,
    limit_price: anyPrice,
    time_in_force: lasting,
    extended_hours: fc.constant(true),
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('stop'),
    qty: whole,
    stop_price: anyPrice,
    time_in_force: lasting,
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('stop_limit'),
    qty: whole,
    stop_price: anyPrice,
    limit_price: anyPrice,
    time_in_force: lasting,
  }),
  fc.record({
    symbol,
    side,
    type: fc.constant('trailing_stop'),
    qty: whole,
    trail_percent: fc.constantFrom('0.5', '1'),
    time_in_force: lasting,
  }),
  fc
    .record({
      symbol,
      side,
      type: fc.constantFrom('market', 'limit'),
      qty: fraction,
      limit_price: anyPrice,
      time_in_force: fc.constant('day'),
    })
    .map(({ limit_price, ...one }) => (one.type === 'limit' ? { ...one, limit_price } : one)),
  fc.record({
    symbol,
    side,
    type: fc.constant('market'),
    notional: cents(100, 2_000_000),
    time_in_force: fc.constant('day'),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    type: fc.constant('market'),
    qty: whole,
    order_class: fc.constant('bracket'),
    time_in_force: lasting,
    take_profit: target,
    stop_loss: stop,
  }),
  longBracket,
  fc.record({
    symbol,
    side: fc.constant('sell'),
    type: fc.constant('limit'),
    limit_price: cents(9_900, 10_010),
    qty: whole,
    order_class: fc.constant('bracket'),
    time_in_force: lasting,
    take_profit: fc.constant({ limit_price: '98' }),
    stop_loss: fc.record({ stop_price: cents(10_020, 10_500) }),
  }),
  fc.record({
    symbol,
    side: fc.constant('buy'),
    type: fc.constant('market'),
    qty: whole,
    order_class: fc.constant('oto'),
    time_in_force: lasting,
    stop_loss: stop,
  }),
  fc.record({
    symbol,
    side: fc.constant('sell'),
    type: fc.constant('limit'),
    qty: whole,
    order_class: fc.constant('oco'),
    time_in_force: lasting,
    take_profit: target,
    stop_loss: stop,
  }),
);
