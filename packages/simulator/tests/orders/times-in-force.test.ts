import { describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '@catalyst/domain';
import { flat, quietDay } from '../small-day.ts';
import { openExchange, verdict } from './open-exchange.ts';

const limit = { type: 'limit', limit_price: '99' };

describe('a time in force', () => {
  it.each(['ioc', 'fok'])('%s is decided by the next minute and leaves nothing open', (force) => {
    const { place, step } = openExchange(quietDay([]));
    const filled = place({ time_in_force: force });
    const missed = place({ time_in_force: force, ...limit });
    step('10:01');
    expect([filled.status, missed.status]).toEqual(['filled', 'canceled']);
  });

  it.each([
    ['opg', '09:27', 'taken'],
    ['opg', '09:28', '403 40310000 opg orders must be submitted after 7:00pm and before 9:28am'],
    ['opg', '18:59', '403 40310000 opg orders must be submitted after 7:00pm and before 9:28am'],
    ['opg', '19:00', 'taken'],
    ['cls', '09:00', 'taken'],
    ['cls', '15:54', 'taken'],
    ['cls', '15:55', '403 40310000 cls orders must be submitted after 7:00pm and before 3:55pm'],
    ['cls', '19:00', 'taken'],
  ])('%s at %s is %s', (force, at, expected) => {
    const { submit } = openExchange(quietDay([]), { at });
    expect(verdict(submit({ time_in_force: force }))).toBe(expected);
  });

  it('cls ends five minutes before an early close', () => {
    const calendar = nyseCalendar('2026-10-01', '2026-12-01');
    const day = quietDay([], {
      calendar,
      trade_date: '2026-11-27',
      bars: { ACME: flat(570, 780, 100) },
    });
    expect(verdict(openExchange(day, { at: '12:55' }).submit({ time_in_force: 'cls' }))).toBe(
      '403 40310000 cls orders must be submitted after 7:00pm and before 12:55pm',
    );
  });

  it('of an auction fills at the auction', () => {
    const { place, step } = openExchange(quietDay([]), { at: '09:00' });
    const opening = place({ time_in_force: 'opg' });
    const closing = place({ time_in_force: 'cls' });
    step('09:31');
    expect([opening.status, closing.status]).toEqual(['filled', 'new']);
    step('16:00');
    expect(closing.status).toBe('filled');
  });

  it.each(['day', 'gtc'])(
    '%s with extended hours that comes before four works from then on',
    (force) => {
      const { place, step } = openExchange(quietDay([], { bars: { ACME: flat(240, 960, 98) } }), {
        at: '03:50',
      });
      const extended = place({ ...limit, time_in_force: force, extended_hours: true });
      const regular = place({ ...limit, time_in_force: force });
      step('04:00');
      expect([extended.status, regular.status]).toEqual(['new', 'accepted']);
      step('04:01');
      expect([extended.status, regular.status]).toEqual(['filled', 'accepted']);
      step('09:31');
      expect(regular.status).toBe('filled');
    },
  );

  it.each([
    ['19:59', false, '2026-03-11T20:00:00.000Z'],
    ['19:59', true, '2026-03-11T00:00:00.000Z'],
    ['20:00', false, '2026-03-11T20:00:00.000Z'],
    ['20:00', true, '2026-03-12T00:00:00.000Z'],
  ])('day at %s, with extended hours: %s, ends at %s', (at, extended_hours, expected) => {
    expect(
      new Date(
        openExchange(quietDay([]), { at }).place({ ...limit, extended_hours }).expires_at,
      ).toISOString(),
    ).toBe(expected);
  });

  it.each([
    [
      { time_in_force: 'ioc', type: 'stop', stop_price: '101' },
      '422 42210000 ioc orders must be market or limit orders',
    ],
    [
      { time_in_force: 'cls', type: 'trailing_stop', trail_price: '1' },
      '422 42210000 cls orders must be market or limit orders',
    ],
    [
      {
        time_in_force: 'fok',
        order_class: 'bracket',
        take_profit: { limit_price: '104' },
        stop_loss: { stop_price: '98' },
      },
      '422 40010001 bracket orders support only "day" or "gtc" time_in_force',
    ],
    [
      {
        extended_hours: true,
        ...limit,
        order_class: 'bracket',
        take_profit: { limit_price: '104' },
        stop_loss: { stop_price: '98' },
      },
      '403 40310000 bracket orders do not support extended hours trading',
    ],
    [
      { extended_hours: true, type: 'stop', stop_price: '101' },
      '422 42210000 stop orders are not eligible for extended hours trading',
    ],
    [{ time_in_force: 'opg', qty: '1.5' }, '422 42210000 fractional orders must be DAY orders'],
    [
      { time_in_force: 'ioc', extended_hours: true, ...limit },
      '422 42210000 extended hours order must be DAY or GTC limit orders',
    ],
    [{ time_in_force: 'gtd' }, '422 40010001 invalid time_in_force'],
  ])('%j is answered %s', (order, expected) => {
    expect(verdict(openExchange(quietDay([])).submit(order))).toBe(expected);
  });
});
