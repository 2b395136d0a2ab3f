import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, OPEN, quietDay, security, smallDay } from './small-day.ts';

let account: OpenAccount;
afterEach(() => account.close());

/** The fields of the account in a user's log of 2026-09-15. */
const PAPER_ACCOUNT_FIELDS = [
  'account_blocked',
  'account_number',
  'accrued_fees',
  'admin_configurations',
  'balance_asof',
  'buying_power',
  'cash',
  'created_at',
  'crypto_status',
  'crypto_tier',
  'currency',
  'effective_buying_power',
  'equity',
  'id',
  'initial_margin',
  'intraday_adjustments',
  'last_equity',
  'last_maintenance_margin',
  'long_market_value',
  'maintenance_margin',
  'multiplier',
  'non_marginable_buying_power',
  'options_approved_level',
  'options_buying_power',
  'options_trading_level',
  'pending_reg_taf_fees',
  'portfolio_value',
  'position_market_value',
  'regt_buying_power',
  'short_market_value',
  'shorting_enabled',
  'sma',
  'status',
  'trade_suspended_by_user',
  'trading_blocked',
  'transfers_blocked',
  'user_configurations',
];

describe('the account', () => {
  it('has the fields of a paper account of 2026', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { body } = await account.get('/v2/account');
    expect(Object.keys(body).sort()).toEqual(PAPER_ACCOUNT_FIELDS);
    expect(body).toMatchObject({
      buying_power: '400000',
      effective_buying_power: '400000',
      regt_buying_power: '200000',
      options_buying_power: '100000',
      admin_configurations: {},
      user_configurations: null,
      crypto_tier: 0,
      created_at: expect.stringMatching(/^2026-03-10T04:00:00\.\d{1,6}Z$/),
    });
  });

  it('is in cents, and a position in the digits that Alpaca has', async () => {
    account = await openAccount(
      smallDay({
        bars: {
          ACME: [
            ...flat(OPEN, 600, 33.01),
            bar(600, 33.0071, 33.03, 33, 33.02),
            ...flat(601, 620, 33.0199),
          ],
        },
        securities: [security('ACME')],
      }),
      { at: '10:00' },
    );
    for (const qty of ['7', '6', '5']) {
      await account.place({ qty });
      await account.request('POST', '/sim/step', { minutes: 1 });
    }
    const { body } = await account.get('/v2/account');
    const money = Object.entries(body).filter(
      ([name, value]) => typeof value === 'string' && /cash|equity|value|power|margin/.test(name),
    );
    expect(money.length).toBeGreaterThan(10);
    expect(money.filter(([, value]) => !/^-?\d+(\.\d{1,2})?$/.test(String(value)))).toEqual([]);
    const { body: position } = await account.get('/v2/positions/ACME');
    expect(position.avg_entry_price).toMatch(/^\d+\.\d{5,6}$/);
    for (const name of ['unrealized_plpc', 'unrealized_intraday_plpc', 'change_today'])
      expect([name, position[name]]).toEqual([name, expect.stringMatching(/^-?\d+(\.\d{1,5})?$/)]);
  });
});

describe('an order that is good till canceled', () => {
  it.each([
    [false, '2026-06-08T20:00:00Z'],
    [true, '2026-06-09T00:00:00Z'],
  ])('ends at the last close within 90 days, extended hours %s', async (extended, expected) => {
    account = await openAccount(quietDay([]), { at: '15:58' });
    const { body } = await account.place({
      type: 'limit',
      limit_price: '50',
      time_in_force: 'gtc',
      extended_hours: extended,
    });
    expect(body.expires_at).toBe(expected);
  });

  it('ends on the Friday before where the ninetieth day is a Sunday', async () => {
    // 90 days after 2024-12-02 is Sunday 2025-03-02; a user's log of that day says 2025-02-28
    account = await openAccount(
      smallDay({
        trade_date: '2024-12-02',
        calendar: [
          { date: '2024-11-29', open: '09:30', close: '13:00' },
          { date: '2024-12-02', open: '09:30', close: '16:00' },
          { date: '2024-12-03', open: '09:30', close: '16:00' },
        ],
        bars: { ACME: flat(OPEN, 660, 100) },
        securities: [security('ACME')],
      }),
      { at: '10:00' },
    );
    const { body } = await account.place({
      type: 'limit',
      limit_price: '50',
      time_in_force: 'gtc',
    });
    expect(body.expires_at).toBe('2025-02-28T21:00:00Z');
  });
});

describe('snapshots', () => {
  it('are null for an unknown symbol of a list, and so is what is missing in one', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    const { body } = await account.get('/v2/stocks/snapshots?symbols=ACME,INVALID');
    expect(Object.keys(body).sort()).toEqual(['ACME', 'INVALID']);
    expect(body.INVALID).toBeNull();
    expect(body.ACME.prevDailyBar).not.toBeNull();
    expect((await account.get('/v2/stocks/INVALID/snapshot')).status).toBe(404);
    expect(
      (await account.get('/v2/stocks/quotes/latest?symbols=ACME,INVALID')).body.quotes,
    ).toEqual({ ACME: expect.anything() });
  });
});

describe('a bot in a browser', () => {
  it('is let in from any origin, asked beforehand or not', async () => {
    account = await openAccount(quietDay([]));
    const { url } = account.simulator;
    const asked = await fetch(`${url}/v2/orders/x`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://bot.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'apca-api-key-id,content-type',
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
      'apca-api-key-id',
    );
    for (const path of ['/v2/account', '/v2/stocks/bars/latest?symbols=ACME', '/nowhere'])
      expect((await account.get(path)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(`${url}/v2/account`)).headers.get('access-control-allow-origin')).toBe('*');
    expect(
      (await account.get('/sim/status')).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });
});
