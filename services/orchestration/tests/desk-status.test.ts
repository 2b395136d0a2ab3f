import { describe, expect, it } from '@jest/globals';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

const asResource = async (uri: string): Promise<Record<string, unknown>> =>
  JSON.parse(((await client.readResource({ uri })).contents[0] as { text: string }).text);

describe('a tool', () => {
  it('names what is held, with its price, stop and profit, as the resource does', async () => {
    const { text, data } = await call('get_positions');
    expect(text).toBe(
      `ACME: long 100, open, entered at 45.10, last 46.00 at 10:30 New York, unrealised +$90.00, stop 44.50 (first 44.00), target 47.30, $150.00 lost at the stop from here; position_id ${POSITION_ID}`,
    );
    expect(data).toEqual(await asResource('catalyst://positions/current'));
    const one = await call('get_positions', { position_id: POSITION_ID });
    expect(one.data).toMatchObject({ positions: [{ position_id: POSITION_ID, symbol: 'ACME' }] });
    expect((await call('get_positions', { symbol: 'BOLT' })).text).toBe(
      'The desk never held BOLT.',
    );
  });
  it('tells of the day, the exchange and what is still to come', async () => {
    const { text, data } = await call('get_cycle_status');
    expect(text).toContain(
      'The supervised session of 2026-03-10 is trading.\n1 open position, 0 closed, day +$90.00 on what this session traded; candidates: ACME.',
    );
    expect(text).toContain('Still to come on 2026-03-10: market scan 10:00 to 14:30 (55 times).');
    expect(data).toEqual(await asResource('catalyst://trading-cycle/current'));
    fleet.setHasCycle(false);
    const none = await call('get_cycle_status');
    fleet.setHasCycle(true);
    expect(none.text).toContain('No session was opened yet.');
  });
  it('tells what happened, the newest first, a page at a time', async () => {
    const first = await call('get_timeline', { limit: 1 });
    expect(first.text).toContain('10:00 New York warning ENTRY REFUSED\n2 in all');
    expect(first.data).toMatchObject({ entries: [{ kind: 'alert' }], total: 2 });
    const { text, data } = await call('get_timeline', { limit: 1, cursor: first.data.next });
    expect(text).toBe('10:00 New York enter ACME: the minute closed above 45.00');
    expect(data).toMatchObject({ next: null });
    expect((await call('get_timeline', { kind: 'transition' })).data).toMatchObject({ total: 0 });
    expect((await call('get_timeline', { cursor: 'x' })).isError).toBe(true);
  });
  it('lists what nobody has acknowledged, their words between marks, and no previews', async () => {
    await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity: 10 });
    const { text, data } = await call('get_alerts');
    expect(text).toMatch(
      /^warning DAILY_LOSS_WARNING \(risk\), 2026-03-10 10:00 New York, 3 times: 75 % of the limit is used\n.*\nNo trade is proposed\.\n/,
    );
    expect(text).toMatch(/<<<untrusted \w+\nENTRY_REFUSED: /);
    expect(data).toMatchObject({
      alerts: [{ code: 'DAILY_LOSS_WARNING' }, { code: 'ENTRY_REFUSED' }],
      proposals: [],
    });
    expect(
      fleet.workflow.asked.findLast(({ route }) => route === 'listAlerts')!.query,
    ).toMatchObject({ state: 'unacknowledged' });
  });
  it('says how much can be lost: the day, every stop, the room and the ranges', async () => {
    const { text, data } = await call('get_risk_status');
    expect(text).toContain(
      'Day +$90.00, equity $100,090.00; 0 % of the daily loss limit of $2,000.00',
    );
    expect(text).toContain(
      'If every stop is hit, $200.00 more is lost and the day ends at -$110.00; at -$2,000.00 everything is sold',
    );
    expect(data).toMatchObject({
      day_if_every_stop_is_hit_usd: '-110.00',
      limits: { daily_loss_limit_usd: { value: 2000, min: 1, max: 10_000 } },
    });
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
    expect(listed.text).toBe(`Buy PROP. Until 10:05 New York; proposal_id ${proposal_id}`);
    const before = fleet.sent.length;
    const approved = await call('approve_proposal', { proposal_id, kind: 'trade' });
    expect(approved.text).toContain('Filled: buy 10 PROP');
    expect((await call('approve_proposal', { proposal_id })).data.status).toBe('filled');
    expect(fleet.sent.slice(before)).toEqual(['PROP']);
    expect((await call('list_proposals')).text).toBe('No trade is proposed.');
    expect((await call('list_proposals', { state: 'all' })).data.total).toBe(1);
  });
  it('is rejected with a reason, and nothing of another kind is approved', async () => {
    const proposal_id = await propose('NOPE');
    const rejected = await call('reject_proposal', { proposal_id, reason: 'too late in the day' });
    expect(rejected.text).toBe('The proposal for NOPE is rejected; nothing was sent.');
    expect(fleet.workflow.asked.findLast(({ route }) => route === 'rejectProposal')).toMatchObject({
      body: { by: 'mcp:claude', reason: 'too late in the day' },
    });
    expect((await call('approve_proposal', { proposal_id, kind: 'parameter' })).data).toMatchObject(
      { error: { code: 'INVALID_REQUEST' } },
    );
  });
});
