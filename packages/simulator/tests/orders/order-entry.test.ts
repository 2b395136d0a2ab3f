import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeConfiguration } from '../../src/exchange/account-configuration.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

let account: OpenAccount;
const open = async (options: Partial<SimulatorOptions> = {}): Promise<void> => {
  account = await openAccount(quietDay([]), options);
  await account.step('10:00');
};
afterEach(() => account.close());
const configure = (changes: Record<string, unknown>) =>
  changeConfiguration(account.simulator.simulation.accounts[0]!, changes);

describe('an order in dollars', () => {
  it('has no qty on the wire and buys the shares that its dollars pay for', async () => {
    await open();
    const { status, body } = await account.place({ qty: undefined, notional: '250.50' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ qty: null, notional: '250.5' });
    await account.step('10:01');
    const filled = await account.order(body.id);
    expect(filled.status).toBe('filled');
    expect(Number(filled.filled_qty) * 100).toBeCloseTo(250.5, -1);
  });

  it.each([
    [{ notional: '100' }, 40010001, 'only one of qty or notional is accepted'],
    [{ qty: undefined }, 40010001, 'qty or notional is required'],
    [{ qty: undefined, notional: '0.99' }, 40010001, 'notional must be >= 1.00'],
    [
      { qty: undefined, notional: '10', time_in_force: 'gtc' },
      42210000,
      'fractional orders must be DAY orders',
    ],
    [
      { qty: undefined, notional: '10', side: 'sell' },
      42210000,
      'fractional orders cannot be sold short',
    ],
    [{ extended_hours: true }, 42210000, 'extended hours order must be DAY or GTC limit orders'],
  ])('%j is refused with code %i: %s', async (order, code, message) => {
    await open();
    expect(await account.place(order)).toMatchObject({ status: 422, body: { code, message } });
  });
});

describe('an account', () => {
  it.each([
    [{ suspend_trade: true }, {}, 'new orders are rejected by user request'],
    [
      { fractional_trading: false },
      { qty: '1.5' },
      'fractional trading is disabled for this account',
    ],
    [{ no_shorting: true }, { side: 'sell' }, 'account is not allowed to short'],
  ])('configured with %j refuses %j', async (changes, order, message) => {
    await open();
    configure(changes);
    expect(await account.place(order)).toMatchObject({
      status: 403,
      body: { code: 40310000, message },
    });
  });

  it('with less than 2,000 dollars cannot sell short', async () => {
    await open({ cash: '1999' });
    expect(await account.place({ side: 'sell', qty: '1' })).toMatchObject({
      status: 403,
      body: { message: 'account is not allowed to short' },
    });
  });

  it('changes all fields of its configuration or none', async () => {
    await open();
    expect(configure({ no_shorting: true, max_margin_multiplier: '3' })).toMatchObject({
      ok: false,
      refusal: { status: 422 },
    });
    expect(configure({})).toMatchObject({ ok: true, value: { no_shorting: false } });
  });
});

describe('a simulator started with a ratio for far limits', () => {
  it('refuses a limit beyond it over the wire', async () => {
    await open({ exchange: { limit_collar_ratio: 0.5 } });
    expect(await account.place({ type: 'limit', limit_price: '49.99' })).toMatchObject({
      status: 422,
      body: { code: 42210000, message: 'limit price 49.99 is too far from the market price 100' },
    });
    expect((await account.place({ type: 'limit', limit_price: '50' })).status).toBe(200);
  });
});

describe('any JSON', () => {
  it('is taken as an order or refused with a code and a message', async () => {
    await open();
    const { exchange, simulation } = account.simulator;
    const field = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        'ACME',
        '1',
        '100',
        'buy',
        'sell',
        'limit',
        'market',
        'day',
        'bracket',
        'ioc',
        'fok',
        'opg',
        'cls',
        'trailing_stop',
        'buy_to_open',
        { toString: 1 },
      ),
    );
    const names = [
      'symbol',
      'qty',
      'notional',
      'side',
      'type',
      'time_in_force',
      'order_class',
      'limit_price',
      'take_profit',
      'stop_loss',
      'trail_percent',
      'client_order_id',
      'extended_hours',
      'position_intent',
    ];
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), field)),
        (body) => {
          for (const sent of [
            body,
            {
              symbol: 'ACME',
              qty: '1',
              side: 'buy',
              type: 'market',
              time_in_force: 'day',
              ...(body as object),
            },
          ]) {
            const outcome = exchange.submit(simulation.accounts[0]!, sent);
            if (!outcome.ok)
              expect(outcome.refusal.body).toMatchObject({
                code: expect.any(Number),
                message: expect.any(String),
              });
          }
        },
      ),
    );
  });
});
