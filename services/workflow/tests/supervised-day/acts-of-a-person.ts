import { expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { at } from '../fixture-fleet/script.ts';
import { requestId, type SupervisedDay } from './supervised-day.ts';

/** What a person closes, changes, cancels and stops. */
export const actsOfAPerson = (day: SupervisedDay): void => {
  it('closes a position for a person, with a decision and an audit row', async () => {
    const { cycle_id } = day;
    const position_id = stableId('position', stableId('intent', cycle_id, 'AAA', at('10:02')));
    const close = () =>
      day.workflow().closePosition({
        params: { position_id },
        body: { by: 'ann', reason: 'seen enough', request_id: requestId('close') },
      });
    expect(await close()).toEqual({
      position_id,
      symbol: 'AAA',
      status: 'closing',
      message: 'AAA is being closed at market: 100 shares',
    });
    await close();
    expect(day.fleet.callsTo('closePosition')[0]!.body).toMatchObject({
      reason: 'manual',
      request_id: requestId('close'),
    });
    expect(
      await day.fleet.database.database.query(
        "SELECT actor, on_behalf_of, subject, at FROM audit_log WHERE action = 'position_close_asked'",
      ),
    ).toEqual([
      { actor: 'orchestration', on_behalf_of: 'ann', subject: position_id, at: at('10:41') },
    ]);
    await expect(
      day.workflow().closePosition({
        params: { position_id: requestId('none') },
        body: { by: 'ann', reason: 'seen enough', request_id: requestId('none') },
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  it('passes a changed limit and a changed trading state on, with who and why in the audit', async () => {
    expect(
      await day.workflow().updateRiskParameter({
        params: { name: 'max_positions' },
        body: { value: 3, by: 'ann', reason: 'calm down' },
      }),
    ).toMatchObject({ name: 'max_positions', new_value: 3 });
    await day.workflow().changeTradingState({
      body: { act: 'pause', by: 'ann', reason: 'lunch time' },
    });
    expect(day.fleet.callsTo('closeAllPositions')).toHaveLength(0);
    await day.workflow().changeTradingState({
      body: { act: 'flatten', by: 'ann', reason: 'get me out' },
    });
    expect(day.fleet.callsTo('closeAllPositions')).toMatchObject([
      { body: { reason: 'manual', by: 'orchestration for ann' } },
    ]);
    const rows = await day.fleet.database.database.query(
      "SELECT actor, action, subject FROM audit_log WHERE service = 'workflow' AND action LIKE '%_asked' AND on_behalf_of = 'ann' ORDER BY seq",
    );
    const actor = 'orchestration';
    expect(rows.slice(1)).toEqual([
      { actor, action: 'risk_parameter_change_asked', subject: 'max_positions' },
      { actor, action: 'trading_state_change_asked', subject: 'pause' },
      { actor, action: 'trading_state_change_asked', subject: 'flatten' },
    ]);
  });
  it('cancels the entries that wait with a halt, and alone where only that is asked', async () => {
    const asked = () => day.fleet.callsTo('cancelAllOrders').length;
    const before = asked();
    const why = { by: 'ann', reason: 'bad news' };
    await day.workflow().changeTradingState({ body: { act: 'halt', ...why } });
    expect(asked()).toBe(before + 1);
    expect(await day.workflow().cancelEntries({ body: why })).toEqual({ canceled_orders: 0 });
    expect(asked()).toBe(before + 2);
  });
  it('ends when a person stops it: everything closed for that reason, reconciled and reported within minutes', async () => {
    const { cycle_id } = day;
    await day.advanceTo('10:50');
    const stop = () =>
      day.workflow().stopCycle({
        params: { cycle_id },
        body: { by: 'ann', reason: 'enough for today' },
      });
    expect((await stop()).state).toBe('closing');
    expect((await stop()).state).toBe('closing');
    expect(day.fleet.callsTo('closeAllPositions').at(-1)).toMatchObject({
      body: { reason: 'manual', by: 'orchestration for ann' },
    });
    expect(await day.advanceTo('10:52')).toEqual({ now: at('10:52'), state: 'closed' });
    expect((await stop()).state).toBe('closed');
    await expect(
      day.workflow().previewTrade({
        body: { symbol: 'NEW', side: 'buy', by: 'ann', request_id: requestId('late') },
      }),
    ).rejects.toMatchObject({ code: 'CYCLE_NOT_ACTIVE' });
    expect(day.fleet.callsTo('makeDailyReport')).toHaveLength(1);
    const before = day.fleet.callsTo('monitorPositions').length;
    await day.advanceTo('11:30');
    expect(day.fleet.callsTo('monitorPositions')).toHaveLength(before);
  });
};
