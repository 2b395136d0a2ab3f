import { describe, expect, it } from '@jest/globals';
import { call, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

const stops = () =>
  fleet.workflow.asked
    .filter(({ route }) => route === 'changeTradingState' || route === 'cancelEntries')
    .map(({ body }) => body);
const halt = (scope: string, given: Record<string, unknown> = {}) =>
  call('halt_trading', { scope, reason: 'a strange tape', ...given });
const said = { by: 'mcp:claude', reason: 'a strange tape' };

describe('halt_trading', () => {
  it('pauses, halts and cancels at once, and says what that means', async () => {
    const paused = await halt('PAUSE');
    expect(paused.text).toBe(
      '[REPLAY] Trading is reducing: nothing new is entered; what is held stays under its stops. Only the operator resumes, with a reason.',
    );
    expect((await halt('halt')).data.status).toBe('halted');
    expect((await halt('cancel')).text).toContain('2 entry orders cancelled');
    expect(stops()).toEqual([{ act: 'pause', ...said }, { act: 'halt', ...said }, said]);
  });
  it('flattens in two steps: the list of what would be sold first, then exactly that', async () => {
    const before = stops().length;
    const first = await halt('flatten');
    expect(first.data).toMatchObject({
      status: 'confirmation_required',
      positions: [{ symbol: 'ACME' }],
    });
    expect(first.text).toContain('ACME: long 100, open');
    expect(stops()).toHaveLength(before);

    fleet.setHeldQty('150');
    const { preview_id } = first.data;
    expect((await halt('flatten', { preview_id })).text).toContain(
      'what is held is not what that preview_id listed',
    );
    expect(stops()).toHaveLength(before);
    fleet.setHeldQty('100');
    const done = await halt('flatten', { preview_id });
    expect(done.text).toContain('Trading is flattening: 1 position closing at market');
    expect(stops().slice(before)).toEqual([{ act: 'flatten', ...said }]);
  });
  it('knows no scope that lifts a stop', async () => {
    for (const scope of ['resume', 'arm', ''])
      expect((await halt(scope)).data).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
  });
});
