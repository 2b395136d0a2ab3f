import { describe, expect, it } from '@jest/globals';
import { POSITION_ID } from './fleet-behind.ts';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

const asResource = async (uri: string): Promise<Record<string, unknown>> =>
  JSON.parse(((await client.readResource({ uri })).contents[0] as { text: string }).text);

describe('a tool', () => {
  it('names what is held, with its price, stop and profit, as the resource does', async () => {
    const { text, data } = await call('get_positions');
    expect(text).toBe(
      `[REPLAY] ACME: long 100, open, entered at 45.10, last 46 at 10:30 New York, unrealised +$90.00, stop 44, target 47.3; position_id ${POSITION_ID}`,
    );
    expect(data).toEqual(await asResource('catalyst://positions/current'));
    const one = await call('get_positions', { position_id: POSITION_ID });
    expect(one.data).toMatchObject({ position: { position_id: POSITION_ID, symbol: 'ACME' } });
  });
  it('tells of the day, the exchange and the last events', async () => {
    const { text, data } = await call('get_cycle_status', { events: 5 });
    expect(text).toContain(
      'the supervised session of 2026-03-10 is trading.\n1 open position, 0 closed, day $90.00; candidates: ACME.',
    );
    expect(text).toContain('10:00 New York enter ACME');
    expect(data).toMatchObject({ cycle: { state: 'trading' }, events: [{ kind: 'decision' }] });
    expect((await call('get_cycle_status', { events: 0 })).data).toEqual(
      await asResource('catalyst://trading-cycle/current'),
    );
    fleet.setHasCycle(false);
    const none = await call('get_cycle_status');
    fleet.setHasCycle(true);
    expect(none.text).toContain('No session was opened yet.');
  });
  it('lists what nobody has acknowledged, their words between marks, and no previews', async () => {
    await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity: 10 });
    const { text, data } = await call('get_alerts');
    expect(text).toMatch(
      /^\[REPLAY\] warning DAILY_LOSS_WARNING \(risk\), 2026-03-10 10:00 New York, 3 times\nNo proposal waits\.\n/,
    );
    expect(text).toContain('DAILY_LOSS_WARNING: 75 % of the limit is used');
    expect(data).toMatchObject({ alerts: [{ code: 'DAILY_LOSS_WARNING' }], proposals: [] });
    expect(
      fleet.workflow.asked.findLast(({ route }) => route === 'listAlerts')!.query,
    ).toMatchObject({ state: 'unacknowledged' });
  });
});

describe('a proposal', () => {
  const propose = async (symbol: string): Promise<string> => {
    const { preview_id } = (await call('execute_trade', { symbol, side: 'buy', quantity: 10 }))
      .data as unknown as { preview_id: string };
    fleet.proposeAsSession(preview_id);
    return preview_id;
  };
  it('is listed with its id until it is approved once, with the word of the broker', async () => {
    const proposal_id = await propose('PROP');
    const listed = await call('list_proposals');
    expect(listed.text).toBe(`[REPLAY] Buy PROP. Until 10:05 New York; proposal_id ${proposal_id}`);
    const before = fleet.sent.length;
    const approved = await call('approve_proposal', { proposal_id, kind: 'trade' });
    expect(approved.text).toContain('Filled: buy 10 PROP');
    expect((await call('approve_proposal', { proposal_id })).data.status).toBe('filled');
    expect(fleet.sent.slice(before)).toEqual(['PROP']);
    expect((await call('list_proposals')).text).toBe('[REPLAY] No proposal waits.');
    expect(
      (await call('list_proposals', { state: 'all', include_previews: true })).data.total,
    ).toBe(2);
  });
  it('is rejected with a reason, and nothing of another kind is approved', async () => {
    const proposal_id = await propose('NOPE');
    const rejected = await call('reject_proposal', { proposal_id, reason: 'too late in the day' });
    expect(rejected.text).toBe('[REPLAY] The proposal for NOPE is rejected; nothing was sent.');
    expect(fleet.workflow.asked.findLast(({ route }) => route === 'rejectProposal')).toMatchObject({
      body: { by: 'mcp:claude', reason: 'too late in the day' },
    });
    expect((await call('approve_proposal', { proposal_id, kind: 'parameter' })).data).toMatchObject(
      { error: { code: 'INVALID_REQUEST' } },
    );
  });
});
