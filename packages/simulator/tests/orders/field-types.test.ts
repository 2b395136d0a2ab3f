import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { flat, OPEN, quietDay, smallDay } from '../small-day.ts';
import { openExchange, verdict } from './open-exchange.ts';

const LIMIT = { type: 'limit', limit_price: '99' };
const BAD_TYPE = '400 40010000 request body format is invalid';

describe('a field of an order', () => {
  it.each([
    { client_order_id: 5 },
    { symbol: 5 },
    { side: true },
    { type: ['limit'] },
    { time_in_force: 1 },
    { order_class: {} },
    { position_intent: 5 },
    { qty: true },
    { qty: {} },
    { qty: [1] },
    { qty: null, notional: [] },
    { type: 'limit', limit_price: true },
    { extended_hours: 'true' },
    { stop_loss: 'none' },
    { order_class: 'oto', stop_loss: { stop_price: {} } },
  ])('of another JSON type is refused as one: %j', (fields) => {
    expect(verdict(openExchange(quietDay([])).submit(fields))).toBe(BAD_TYPE);
  });

  it.each([{ qty: true }, { limit_price: [98] }, { client_order_id: 5 }, { time_in_force: {} }])(
    'of another JSON type is refused in a replacement too: %j',
    (fields) => {
      const { place, replace } = openExchange(quietDay([]));
      expect(verdict(replace(place(LIMIT), fields))).toBe(BAD_TYPE);
    },
  );

  it.each([
    ['1e2', '100'],
    ['1E+2', '100'],
    ['+5', '5'],
    ['5.', '5'],
    ['.5', '0.5'],
    ['+.5', '0.5'],
    ['0.2e-1', '0.02'],
    [1e-1, '0.1'],
    [7, '7'],
  ])('is a number as programs in Go read it: qty %j is %s', (qty, expected) => {
    expect(openExchange(quietDay([])).place({ qty }).qty.toFixed()).toBe(expected);
  });

  it.each([
    'abc',
    '1,000',
    ' 5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e1.5',
    '.',
    '1.2.3',
    '--5',
    '1e99999',
  ])('that is no number is named as it came: qty %j', (qty) => {
    expect(verdict(openExchange(quietDay([])).submit({ qty }))).toBe(
      `422 40010001 invalid qty: ${qty}`,
    );
  });

  it.each([
    [{ qty: '-5' }, '422 40010001 qty must be > 0'],
    [{ qty: '1e-10' }, '422 40010001 qty must have at most 9 decimal places'],
    [{ qty: null, notional: 'abc' }, '422 40010001 invalid notional: abc'],
    [{ qty: null, notional: '.99' }, '422 40010001 notional must be >= 1.00'],
    [{ type: 'limit', limit_price: 'abc' }, '422 40010001 invalid limit_price: abc'],
  ])('%j is answered %s', (fields, expected) => {
    expect(verdict(openExchange(quietDay([])).submit(fields))).toBe(expected);
  });
});

describe('an order that is worth less than a dollar', () => {
  const REFUSED = '403 40310000 cost basis must be >= minimal amount of order 1';
  it.each([
    [{ qty: '0.000000001' }, REFUSED],
    [{ qty: '1e-05' }, REFUSED],
    [{ qty: '0.00999' }, REFUSED],
    [{ qty: '0.01' }, 'taken'],
    [{ qty: '0.01', type: 'limit', limit_price: '99.99' }, REFUSED],
    [{ qty: '0.01', type: 'limit', limit_price: '100' }, 'taken'],
    [{ qty: null, notional: '1' }, 'taken'],
  ])('%j is %s', (fields, expected) => {
    expect(verdict(openExchange(quietDay([])).submit(fields))).toBe(expected);
  });

  it('closes a position only where it is all of it', () => {
    const { place, submit, step } = openExchange(quietDay([]));
    place({ qty: '1' });
    step('10:01');
    expect(verdict(submit({ side: 'sell', qty: '0.005' }))).toBe(REFUSED);
    place({ side: 'sell', qty: '0.995' });
    step('10:02');
    expect(verdict(submit({ side: 'sell', qty: '0.004' }))).toBe(REFUSED);
    expect(verdict(submit({ side: 'sell', qty: '0.005' }))).toBe('taken');
  });
});

describe('a trailing sell', () => {
  it.each([
    [{ trail_price: '100' }, '422 42210000 trail_price must be less than current price'],
    [{ trail_price: '99.99' }, 'taken'],
    [{ trail_percent: '100' }, '422 42210000 trail_percent must be less than 100'],
    [{ trail_percent: '99.9' }, 'taken'],
    [{ trail_percent: '150', side: 'buy' }, 'taken'],
    [{ trail_price: '150', side: 'buy' }, 'taken'],
  ])('%j is answered %s', (fields, expected) => {
    expect(
      verdict(
        openExchange(quietDay([])).submit({ type: 'trailing_stop', side: 'sell', ...fields }),
      ),
    ).toBe(expected);
  });

  it('is not replaced by one that could never trigger', () => {
    const { place, replace } = openExchange(quietDay([]));
    const trailing = { type: 'trailing_stop', side: 'sell' };
    expect(verdict(replace(place({ ...trailing, trail_percent: '2' }), { trail: '100' }))).toBe(
      '422 42210000 trail_percent must be less than 100',
    );
    expect(verdict(replace(place({ ...trailing, trail_price: '2' }), { trail: '100' }))).toBe(
      '422 42210000 trail_price must be less than current price',
    );
  });
});

describe('an asset id', () => {
  let account: OpenAccount;
  afterEach(() => account.close());

  it('names the security of an order', async () => {
    account = await openAccount(smallDay({ bars: { ACME: flat(OPEN, 620, 100) } }));
    await account.step('10:00');
    const {
      body: { id },
    } = await account.get('/v2/assets/ACME');
    expect(await account.place({ symbol: id })).toMatchObject({
      status: 200,
      body: { symbol: 'ACME', asset_id: id },
    });
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await account.place({ symbol: unknown })).toMatchObject({
      status: 422,
      body: { code: 42210000, message: `asset "${unknown}" not found` },
    });
  });
});
