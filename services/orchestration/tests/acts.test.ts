import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, fleet, notes, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('an act', () => {
  it('that closes says at what price, or that it is not filled yet', async () => {
    const close = () => call('close_position', { symbol: 'ACME', reason: 'enough' });
    fleet.setClosed({ status: 'closing' });
    expect((await close()).text).toContain('Sent, not filled yet: ACME');
    const done = { status: 'closed', exit_price: '45.9', realized_pnl_usd: '80' };
    fleet.setClosed(done);
    expect((await close()).text).toBe('Closed: ACME at 45.90, realised +$80.00.');
    fleet.setClosed({});
  });
  it('on a part of a position, or on its stop, goes to workflow and says what is then', async () => {
    const reduce = (quantity: unknown) =>
      call('close_position', { symbol: 'ACME', quantity, reason: 'half of it' });
    expect((await reduce('40')).text).toContain('40 shares of ACME are being sold at market');
    expect((await reduce(1.5)).text).toContain('whole shares');
    const moved = await call('move_stop', { symbol: 'ACME', stop_price: 44.8, reason: 'lock in' });
    expect(moved.text).toBe('The stop of ACME was moved: the live stop is 44.50.');
    expect(fleet.workflow.asked.findLast(({ route }) => route === 'moveStop')!.body).toMatchObject({
      stop_price: '44.8',
      by: 'mcp:claude',
    });
  });
  it('goes to workflow in the name of the key', async () => {
    await call('close_position', { symbol: 'ACME', reason: 'enough for today' });
    const asked = fleet.workflow.asked.findLast(({ route }) => route === 'closePosition')!;
    expect(asked).toMatchObject({
      params: { position_id: POSITION_ID },
      body: { by: 'mcp:claude', reason: 'enough for today' },
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
  it('that ends the day shows what it would sell first, and does it for that list alone', async () => {
    const stop = (given: Record<string, unknown> = {}) =>
      call('stop_trading_session', { reason: 'going home', ...given });
    const stops = () => fleet.workflow.asked.filter(({ route }) => route === 'stopCycle').length;
    const first = await stop();
    expect(first.data).toMatchObject({
      status: 'confirmation_required',
      positions: [{ symbol: 'ACME', qty: '100' }],
    });
    expect(first.text).toContain('closes at market, for good, 1 position:\nACME: long 100, open');
    const { preview_id } = first.data;
    // nor does the yes to flattening end the day
    const other = await call('flatten_all', { reason: 'going home' });
    fleet.setHeldQty('150');
    for (const wrong of [preview_id, other.data.preview_id])
      expect((await stop({ preview_id: wrong })).text).toContain(
        'what is held is not what that preview_id listed',
      );
    fleet.setHeldQty('100');
    expect((await stop({ preview_id: other.data.preview_id })).isError).toBe(true);
    expect(stops()).toBe(0);
    const done = await stop({ preview_id });
    expect(done.data).toMatchObject({ status: 'closed', cycle: { state: 'closed' } });
    expect(done.text).toContain('1 position closing at market');
    expect(stops()).toBe(1);
  });
  it('that loosens a limit says that it is proposed, and that the operator must confirm it', async () => {
    const { text, data } = await call('update_risk_parameter', {
      name: 'daily_loss_limit_usd',
      value: 4000,
      reason: 'feeling lucky',
    });
    expect(text).toBe(
      `daily_loss_limit_usd is still 2000. Changing it to 4000 lets the desk risk more: it is proposed, and the operator must confirm it (proposal ${String(data.proposal_id)}).`,
    );
    expect(data).toMatchObject({ name: 'daily_loss_limit_usd', old_value: 2000, new_value: 4000 });
  });
  it.each([
    ['close_position', { symbol: 'ACME', reason: 'audit me' }, 'closePosition', 'closing'],
    ['start_trading_session', { universe_size: 61 }, 'startCycle', 'ok'],
  ])('%s is written into the audit, and its outcome after', async (tool, given, route, end) => {
    const asked = () => fleet.workflow.asked.filter((each) => each.route === route).length;
    const before = asked();
    await call(tool, given);
    const marker = JSON.stringify(given);
    const rows = () => fleet.audited.filter((row) => JSON.stringify(row.arguments) === marker);
    await eventually(() =>
      expect(rows().map((row) => [row.tool, row.outcome, row.caller])).toEqual([
        [tool, 'intended', 'mcp:claude'],
        [tool, end, 'mcp:claude'],
      ]),
    );
    expect(asked()).toBe(before + 1);
  });
  it('that opens, adds or loosens is not done when its audit cannot be written', async () => {
    fleet.setAuditDown(true);
    const asked = () =>
      fleet.workflow.asked.filter(({ route }) => /startCycle|updateRisk/.test(route)).length;
    const before = asked();
    const refused = await call('start_trading_session', {});
    expect(refused.text).toBe(
      'SERVICE_UNAVAILABLE: the audit of start_trading_session could not be written, so nothing was done',
    );
    const limit = { name: 'max_positions', value: 3, reason: 'careful' };
    expect((await call('update_risk_parameter', limit)).isError).toBe(true);
    expect(asked()).toBe(before);
  });
  it.each([
    ['close_position', { symbol: 'ACME' }, 'closePosition'],
    ['halt_trading', {}, 'changeTradingState'],
    ['cancel_entry', {}, 'cancelEntries'],
    ['close_position', { symbol: 'ACME', limit_price: 47 }, 'placeExit'],
  ])(
    '%s %j acts first when its audit cannot be written, and its rows follow once',
    async (tool, given, route) => {
      fleet.setAuditDown(true);
      const reason = `no audit for ${route}`;
      const rows = () => fleet.audited.filter((row) => row.arguments.reason === reason);
      expect((await call(tool, { ...given, reason })).isError).toBe(undefined);
      expect(fleet.workflow.asked.findLast((each) => each.route === route)!.body).toMatchObject({
        reason,
      });
      await eventually(async () =>
        expect((await notes()).join()).toMatch(/rows of tool calls wait for workflow/),
      );
      expect(rows()).toEqual([]);
      fleet.setAuditDown(false);
      await eventually(() => expect(rows()).toHaveLength(2));
      expect(rows()[0]).toMatchObject({ tool, outcome: 'intended' });
      await eventually(async () => expect(await notes()).toEqual([]));
    },
  );
  it('takes numbers and truth values as text, and says which text is none', async () => {
    const change = (name: string, value: unknown) =>
      call('update_risk_parameter', { name, value, reason: 'as text' });
    expect((await change('daily_loss_limit_usd', '1500')).data).toMatchObject({ new_value: 1500 });
    expect((await change('ALLOW_SHORT', 'true')).data).toMatchObject({ new_value: true });
    for (const value of ['1,500', '0x5dc', ' 1500', '1e3x'])
      expect((await change('daily_loss_limit_usd', value)).text).toContain(
        'not right: value: expected a number such as 1500',
      );
    expect(
      (await call('start_trading_session', { universe_size: '100', trade_date: '' })).data,
    ).toMatchObject({ cycle: { universe_size: 100 } });
  });
});
