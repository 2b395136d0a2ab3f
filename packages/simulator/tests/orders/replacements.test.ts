import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bar, quietDay } from '../small-day.ts';
import { openExchange, verdict } from './open-exchange.ts';

const fields = ['qty', 'limit_price', 'stop_price', 'trail', 'time_in_force', 'client_order_id'];
const value = fc.oneof(
  fc.jsonValue(),
  fc.integer({ min: 1, max: 400 }).map(String),
  fc.constantFrom('97.5', '98', '101.25', 'day', 'gtc', 'ioc', { toString: 1 }),
);
const anyBody = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...fields), value));

const LIMIT = { type: 'limit', limit_price: '99' };
const STOP = { type: 'stop', stop_price: '101' };
const BRACKET = {
  ...LIMIT,
  order_class: 'bracket',
  take_profit: { limit_price: '104' },
  stop_loss: { stop_price: '98' },
};
const TRAIL = { type: 'trailing_stop', side: 'sell', trail_percent: '2' };

describe('a replacement', () => {
  it.each([
    [LIMIT, {}, '422 42210000 order parameters are not changed'],
    [
      LIMIT,
      { limit_price: '99.00', qty: null, client_order_id: 'other' },
      '422 42210000 order parameters are not changed',
    ],
    [LIMIT, { qty: '1.5' }, '422 40010001 qty must be a whole number > 0'],
    [LIMIT, { stop_price: '98' }, '422 40010001 limit orders require no stop price'],
    [LIMIT, { trail: '1' }, '422 40010001 limit orders require no trail'],
    [LIMIT, { time_in_force: 'ioc' }, '422 40010001 invalid time_in_force'],
    [
      LIMIT,
      { limit_price: '98', client_order_id: 'x'.repeat(129) },
      '422 40010001 client_order_id must be no more than 128 characters',
    ],
    [LIMIT, { qty: '5000' }, '403 40310000 insufficient buying power'],
    [LIMIT, [], '400 40010000 request body format is invalid'],
    [LIMIT, { limit_price: '98.5' }, 'taken'],
    [STOP, { stop_price: '99' }, '422 42210000 stop price must not be less than current price'],
    [BRACKET, { qty: '50' }, '422 42210000 qty cannot be changed for advanced orders'],
    [BRACKET, { qty: '100', limit_price: '98.5' }, 'taken'],
    [
      BRACKET,
      { limit_price: '97' },
      '422 42210000 stop_loss.stop_price must be <= base_price - 0.01',
    ],
    [TRAIL, { trail: '0.05' }, '422 40010001 trail_percent must be greater than or equal to 0.1'],
  ])('of %j by %j is answered %s', (order, body, expected) => {
    const { place, replace } = openExchange(quietDay([]));
    expect(verdict(replace(place(order), body))).toBe(expected);
  });

  it('is refused for an order that waits for the open, that was replaced and that is over', () => {
    const { place, replace, step, simulation, account } = openExchange(quietDay([]), {
      at: '09:00',
    });
    const order = place(LIMIT);
    const body = { limit_price: '98' };
    expect(verdict(replace(order, body))).toBe(
      '422 42210000 cannot replace order in accepted status',
    );
    step('09:30');
    const second = replace(order, body);
    expect(verdict(replace(order, body))).toBe('422 42210000 order already replaced');
    if (!second.ok) throw new Error(verdict(second));
    simulation.exchange.cancel(account, second.value.id);
    expect(verdict(replace(second.value, { limit_price: '97' }))).toBe(
      '422 42210000 unable to replace order, order is not open',
    );
  });

  it('keeps a target and its stop on their own sides of each other', () => {
    const { place, replace, step, account } = openExchange(quietDay([]));
    const [target, stop] = place({
      ...BRACKET,
      type: 'market',
      limit_price: undefined,
    }).leg_ids.map((id) => account.orders.get(id)!);
    step('10:01');
    expect(verdict(replace(target!, { limit_price: '97.5' }))).toBe(
      '422 42210000 take_profit.limit_price must be > stop_loss.stop_price',
    );
    expect(verdict(replace(stop!, { stop_price: '99.5' }))).toBe('taken');
    expect(verdict(replace(target!, { limit_price: '99.6' }))).toBe('taken');
  });

  it('moves a trailing stop by its new trail, measured from the best price so far', () => {
    const { place, replace } = openExchange(quietDay([]));
    const outcome = replace(place(TRAIL), { trail: '5' });
    expect(
      outcome.ok && [
        outcome.value.trail_percent?.toFixed(),
        outcome.value.hwm?.toFixed(),
        outcome.value.stop_price?.toFixed(),
      ],
    ).toEqual(['5', '100', '95']);
  });

  it('from day to gtc outlives the close, its waiting exits with it', () => {
    const { place, replace, step, account } = openExchange(quietDay([]));
    const outcome = replace(place(BRACKET), { time_in_force: 'gtc' });
    if (!outcome.ok) throw new Error(verdict(outcome));
    step('16:00');
    expect(
      [outcome.value, ...outcome.value.leg_ids.map((id) => account.orders.get(id)!)].map(
        ({ status, time_in_force: force }) => `${status} ${force}`,
      ),
    ).toEqual(['new gtc', 'held gtc', 'held gtc']);
  });

  it('must not be able to trade with another order of the account, and may cross the price of the one it replaces', () => {
    const { place, replace, step } = openExchange(quietDay([]));
    place({});
    step('10:01');
    place({ side: 'sell', type: 'limit', limit_price: '103' });
    const buy = place({ ...LIMIT, qty: '10' });
    expect(verdict(replace(buy, { limit_price: '103' }))).toBe(
      '403 40310000 potential wash trade detected. use complex orders',
    );
    expect(verdict(replace(buy, { limit_price: '102' }))).toBe('taken');
  });

  it.each([
    ['that the exchange has not reached yet', '10:01', { latency_ms: 60_000 }],
    ['that waits for the next session', '16:01', {}],
  ])(
    '%s keeps out what could trade with it or with the order whose place it takes',
    (_, clock, exchange) => {
      const { place, submit, replace, step } = openExchange(quietDay([]), { exchange });
      place({});
      step('10:01');
      const buy = place({ ...LIMIT, time_in_force: 'gtc', qty: '10' });
      step(clock);
      const higher = replace(buy, { limit_price: '101' });
      expect(buy.status).toBe('pending_replace');
      const sell = { side: 'sell', type: 'limit', qty: '10', time_in_force: 'gtc' };
      const refused = submit({ ...sell, limit_price: '100.5' });
      expect(refused.ok ? null : refused.refusal.body).toMatchObject({
        message: 'potential wash trade detected. use complex orders',
        existing_order_id: higher.ok && higher.value.id,
      });
      const asBefore = submit({ ...sell, limit_price: '99' });
      expect(asBefore.ok ? null : asBefore.refusal.body).toMatchObject({
        existing_order_id: buy.id,
      });
      expect(verdict(submit({ ...sell, limit_price: '101.01' }))).toBe('taken');
    },
  );

  it('of an entry leaves its exits for all that was asked for, however often it comes after a part was filled', () => {
    const { place, replace, step, account } = openExchange(
      quietDay([bar(600, 100, 100, 100, 100, 1_300), bar(601, 100, 100, 100, 100, 620)]),
    );
    let entry = place({ ...BRACKET, limit_price: '100.1', qty: '390' });
    for (const [clock, filled, price] of [
      ['10:01', '130', '100.2'],
      ['10:02', '62', '100.3'],
    ] as const) {
      step(clock);
      expect(entry.filled_qty.toFixed()).toBe(filled);
      const outcome = replace(entry, { limit_price: price });
      if (!outcome.ok) throw new Error(verdict(outcome));
      entry = outcome.value;
    }
    step('10:03');
    expect(account.positions.get('ACME')!.qty.toFixed()).toBe('390');
    expect(
      entry.leg_ids
        .map((id) => account.orders.get(id)!)
        .map(({ status, qty }) => `${status} ${qty.toFixed()}`),
    ).toEqual(['new 390', 'held 390']);
  });

  it('by any JSON links a new order to the old one, or is refused with a code and a message and changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(LIMIT, STOP, BRACKET, TRAIL, { qty: '10.5', ...LIMIT }),
        fc.array(anyBody, { minLength: 1, maxLength: 4 }),
        (asked, bodies) => {
          const { place, replace, account } = openExchange(quietDay([]));
          let order = place(asked);
          for (const body of bodies) {
            const before = account.orders.size;
            const outcome = replace(order, body);
            if (outcome.ok) {
              expect([order.status, order.replaced_by, outcome.value.replaces]).toEqual([
                'replaced',
                outcome.value.id,
                order.id,
              ]);
              order = outcome.value;
            } else {
              expect(outcome.refusal.body).toMatchObject({
                code: expect.any(Number),
                message: expect.any(String),
              });
              expect([order.status, account.orders.size]).toEqual(['new', before]);
            }
            expect([...account.alive.keys()]).toContain(order.id);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
