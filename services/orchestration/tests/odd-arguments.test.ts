import { describe, expect, it } from '@jest/globals';
import { AppError } from '@catalyst/service-kit';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('an argument that is not right', () => {
  it.each([
    [
      'get_timeline',
      { date: '2026-03-24' },
      'has "date", which it does not take; it takes kind, limit, cursor, cycle_id',
    ],
    ['get_risk_status', { symbol: 'ACME' }, 'it takes none'],
    ['get_orders', { status: 'closed' }, 'status: expected one of open, all'],
    ['get_orders', { limit: 1000 }, 'limit: expected 50 at most'],
    ['get_orders', { limit: 2.5 }, 'limit: expected a whole number'],
    ['explain_symbol', {}, 'symbol: is needed'],
    ['explain_symbol', { symbol: 'Ⓟ𝓛ＳＤ' }, 'symbol: expected a ticker such as AAPL or BRK.B'],
    ['get_performance_report', { trade_date: '2026-02-30' }, 'a date that the calendar has'],
    ['get_performance_report', { trade_date: 'yesterday' }, 'such as 2026-03-24'],
    ['get_scan_results', { cycle_id: 'current' }, 'cycle_id: expected an id such as'],
    [
      'update_risk_parameter',
      { name: 'daily_loss_limit', value: 1000, reason: 'careful' },
      'name: did you mean daily_loss_limit_usd?',
    ],
    ['set_watch', { price: 70 }, 'level: is needed'],
  ])('of %s %j is said in words of the door', async (tool, given, words) => {
    const { text, isError } = await call(tool, given);
    expect([isError, text]).toEqual([true, expect.stringContaining(words)]);
    expect(text).not.toMatch(
      /Too (big|small)|Invalid|received undefined|of this route|arguments\./,
    );
  });
  it('is named without the part of a request that only services know', async () => {
    fleet.refuseCancels(new AppError('INVALID_REQUEST', 'body.symbol: is odd'));
    const { text, data } = await call('cancel_entry', { reason: 'odd' });
    expect(text).toBe('INVALID_REQUEST: symbol: is odd');
    expect(data).toMatchObject({ error: { message: 'symbol: is odd' } });
  });
});

describe('a cursor', () => {
  it('of another list, or of the same with other arguments, is refused', async () => {
    const { next } = (await call('get_timeline', { limit: 1 })).data;
    expect((await call('get_timeline', { limit: 1, cursor: next })).isError).toBe(undefined);
    for (const [tool, given] of [
      ['get_timeline', { kind: 'alert' }],
      ['get_scan_results', {}],
      ['get_orders', {}],
      ['get_trade_journal', {}],
    ] as const)
      expect([tool, (await call(tool, { ...given, cursor: next })).text]).toEqual([
        tool,
        expect.stringContaining('is not `next` of a page of this list'),
      ]);
  });
});

describe('more shares than are held', () => {
  it('are not sold: it may be another position that was meant', async () => {
    const closes = () => fleet.workflow.asked.filter(({ route }) => route === 'closePosition');
    const before = closes().length;
    const { text, isError } = await call('close_position', {
      symbol: 'ACME',
      quantity: 500,
      reason: 'too many',
    });
    expect([isError, text]).toEqual([
      true,
      'INVALID_REQUEST: the desk holds 100 ACME, and 500 are to be sold: leave quantity out to sell all of it',
    ]);
    expect(closes()).toHaveLength(before);
    await call('close_position', { symbol: 'ACME', quantity: 100, reason: 'all of it' });
    expect(closes()).toHaveLength(before + 1);
  });
});

describe('a stock in small letters', () => {
  it('is the same stock, in a URI too', async () => {
    expect((await call('get_orders', { symbol: ' acme ' })).isError).toBe(undefined);
    for (const uri of [
      'catalyst://symbols/acme/story',
      'catalyst://market-scan/candidates/acme',
      'catalyst://orders/current/acme',
    ])
      expect((await client.readResource({ uri })).contents[0]).toMatchObject({ uri });
  });
});

describe('a stop off the tick', () => {
  it('is said to stand elsewhere, before anybody says yes', async () => {
    const { text } = await call('preview_trade', {
      symbol: 'ACME',
      side: 'buy',
      quantity: 10,
      stop_price: 43.99999,
    });
    expect(text).toContain(
      'The stop_price asked for is none that the exchange takes: it is 44.00.',
    );
  });
});

describe('a stop of the session', () => {
  it('names the day that it ends', async () => {
    const { text } = await call('stop_trading_session', { reason: 'enough' });
    expect(text).toContain('Stopping the session of 2026-03-10 ends that day');
    expect(text).toContain(`position_id ${POSITION_ID}`);
  });
});
