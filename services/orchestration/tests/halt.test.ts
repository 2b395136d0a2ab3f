import { describe, expect, it } from '@jest/globals';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

const stops = () =>
  fleet.workflow.asked
    .filter(({ route }) => route === 'changeTradingState' || route === 'cancelEntries')
    .map(({ body }) => body);
const reason = 'a strange tape';
const said = { by: 'mcp:claude', reason };

describe('a stop', () => {
  it('pauses, halts and cancels at once, and says what that means', async () => {
    expect((await call('pause_trading', { reason })).text).toBe(
      'Trading is reducing: nothing new is entered; what is held stays under its stops. Only the operator resumes, with a reason.',
    );
    expect((await call('halt_trading', { reason })).data.status).toBe('halted');
    expect((await call('cancel_entry', { reason })).text).toContain('2 entry orders cancelled');
    expect((await call('cancel_entry', { symbol: 'acme', reason })).text).toContain(
      '2 entry orders of ACME cancelled',
    );
    expect(stops()).toEqual([
      { act: 'pause', ...said },
      { act: 'halt', ...said },
      said,
      { ...said, symbol: 'ACME' },
    ]);
  });
  it.each([
    ['of several lines', 'the feed\nis\tstrange \u202e', 'the feed is strange'],
    ['that is long', 'x'.repeat(600), `${'x'.repeat(499)}…`],
    ['of two letters', 'ok', 'no reason was given, but "ok"'],
    ['with half an emoji', 'sell \ud83d', 'sell \ufffd'],
    ['that is left out', undefined, 'no reason was given'],
  ])('is done whatever its reason is: one %s', async (_name, given, kept) => {
    const before = stops().length;
    for (const tool of ['pause_trading', 'halt_trading', 'cancel_entry'])
      expect((await call(tool, given === undefined ? {} : { reason: given })).isError).toBe(
        undefined,
      );
    expect(stops().slice(before)).toMatchObject([kept, kept, kept].map((reason) => ({ reason })));
  });
  it('flattens in two steps: the list of what would be sold first, then exactly that', async () => {
    const flatten = (given = {}) => call('flatten_all', { reason, ...given });
    const before = stops().length;
    const first = await flatten();
    expect(first.data).toMatchObject({
      status: 'confirmation_required',
      positions: [{ symbol: 'ACME' }],
    });
    expect(first.text).toContain('ACME: long 100, open');
    expect(stops()).toHaveLength(before);

    fleet.setHeldQty('150');
    const { preview_id } = first.data;
    expect((await flatten({ preview_id })).text).toContain(
      'what is held is not what that preview_id listed',
    );
    expect(stops()).toHaveLength(before);
    fleet.setHeldQty('100');
    const done = await flatten({ preview_id });
    expect(done.text).toContain('Trading is flattening: 1 position closing at market');
    expect(stops().slice(before)).toEqual([{ act: 'flatten', ...said }]);
  });
  it('is lifted by no tool, and no tool names how', async () => {
    const { tools } = await client.listTools();
    for (const { name, inputSchema } of tools)
      expect(JSON.stringify([name, inputSchema])).not.toMatch(/resume|"arm"/);
  });
});

describe('the mode of the session', () => {
  it('becomes supervised at any time', async () => {
    const given = { session_mode: 'supervised', reason: 'I want to look at each trade' };
    expect((await call('set_session_mode', given)).text).toContain('it proposes, and nothing is');
    expect(
      fleet.workflow.asked.findLast(({ route }) => route === 'setSessionMode')!.body,
    ).toMatchObject({ session_mode: 'supervised', by: 'mcp:claude' });
  });
  it('of a session that Claude opens is supervised unless another is asked for', async () => {
    await call('start_trading_session', {});
    expect(
      fleet.workflow.asked.findLast(({ route }) => route === 'startCycle')!.body,
    ).toMatchObject({ session_mode: 'supervised' });
  });
});
