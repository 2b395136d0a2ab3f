import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { POSITION_ID } from './fleet-behind.ts';
import { call, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('an act', () => {
  it('goes to workflow in the name of the key', async () => {
    await call('close_position', { symbol: 'ACME', reason: 'enough for today' });
    const asked = fleet.workflow.asked.findLast(({ route }) => route === 'closePosition')!;
    expect(asked).toMatchObject({
      params: { position_id: POSITION_ID },
      body: { by: 'mcp:claude', reason: 'enough for today' },
    });
    expect((await call('stop_trading_session', { reason: 'going home' })).data).toMatchObject({
      cycle: { state: 'closed' },
    });
    expect((await call('start_trading_session', { universe_size: 60 })).data).toMatchObject({
      cycle: { universe_size: 60, state: 'scheduled' },
    });
    expect(
      (
        await call('update_risk_parameter', {
          name: 'daily_loss_limit_usd',
          value: 1500,
          reason: 'careful',
        })
      ).text,
    ).toContain('was 2000 and is 1500 now');
  });
  it('that a service refuses is a tool error with code, sentence and numbers', async () => {
    expect((await call('start_trading_session', { universe_size: 10 })).data).toMatchObject({
      error: { code: 'INVALID_UNIVERSE_SIZE', details: { provided: 10, min: 50, max: 200 } },
    });
    expect(
      (
        await call('update_risk_parameter', {
          name: 'daily_loss_limit_usd',
          value: 99_999,
          reason: 'greed',
        })
      ).text,
    ).toBe('INVALID_RISK_PARAMETER: daily_loss_limit_usd must be at most 10000, was 99999');
    expect(
      (await call('close_position', { symbol: 'BOLT', reason: 'not held' })).data,
    ).toMatchObject({ error: { code: 'POSITION_NOT_OPEN' } });
  });
  it('is written into the audit before it is done, and its outcome after', async () => {
    await call('close_position', { symbol: 'ACME', reason: 'audit me please' });
    const mine = () =>
      fleet.audited
        .filter((row) => row.arguments.reason === 'audit me please')
        .map(({ tool, outcome, caller }) => [tool, outcome, caller]);
    expect(mine()[0]).toEqual(['close_position', 'intended', 'mcp:claude']);
    await eventually(() =>
      expect(mine()).toEqual([
        ['close_position', 'intended', 'mcp:claude'],
        ['close_position', 'closing', 'mcp:claude'],
      ]),
    );
    const order = fleet.workflow.asked
      .filter(
        ({ route, body }) =>
          route === 'closePosition' ||
          (route === 'recordToolCalls' && JSON.stringify(body).includes('audit me please')),
      )
      .map(({ route }) => route);
    expect(order.slice(-3, -1)).toEqual(['recordToolCalls', 'closePosition']);
  });
  it('is not done when its audit cannot be written', async () => {
    fleet.setAuditDown(true);
    const before = fleet.workflow.asked.filter(({ route }) => route === 'closePosition').length;
    const refused = await call('close_position', { symbol: 'ACME', reason: 'no audit' });
    expect(refused.text).toBe(
      'SERVICE_UNAVAILABLE: the audit of close_position could not be written, so nothing was done',
    );
    expect(fleet.workflow.asked.filter(({ route }) => route === 'closePosition')).toHaveLength(
      before,
    );
  });
  it('takes numbers and truth values as text, and says which text is none', async () => {
    const change = (name: string, value: unknown) =>
      call('update_risk_parameter', { name, value, reason: 'as text' });
    expect((await change('daily_loss_limit_usd', '1500')).data).toMatchObject({ new_value: 1500 });
    expect((await change('ALLOW_SHORT', 'true')).data).toMatchObject({ new_value: true });
    for (const value of ['1,500', '0x5dc', ' 1500', '1e3x'])
      expect((await change('daily_loss_limit_usd', value)).text).toContain(
        'arguments.value: expected a number such as 1500',
      );
    expect(
      (await call('start_trading_session', { universe_size: '100', trade_date: '' })).data,
    ).toMatchObject({ cycle: { universe_size: 100 } });
  });
});
