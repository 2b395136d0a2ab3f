import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { CYCLE_ID, POSITION_ID } from './fleet-behind/desk-rows.ts';
import { publishAs } from './publish-as.ts';
import { fleet, KEY, mcpUrl, RUN_ID, serveMcp } from './serve-mcp.ts';

serveMcp();
const REVISION = '2026-07-28';
let modern: Client;
const connectModern = async (key = KEY): Promise<Client> => {
  const made = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: { pin: REVISION } } },
  );
  await made.connect(
    new StreamableHTTPClientTransport(mcpUrl(), { requestInit: { headers: { 'X-API-Key': key } } }),
  );
  return made;
};
beforeEach(async () => {
  modern = await connectModern();
});
afterEach(() => modern.close());

describe('a client of the stateless revision', () => {
  it('is offered the same as one of 2025, with how long it may keep the lists', async () => {
    const { tools, ...rest } = await modern.listTools();
    expect(tools.map(({ name }) => name)).toContain('execute_trade');
    expect(rest).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' });
    expect(modern.getInstructions()).toMatch(/^Catalyst is a news-driven day-trading desk/);
    const called = await modern.callTool({ name: 'get_risk_status', arguments: {} });
    expect(called.structuredContent).toMatchObject({ mode: 'replay' });
    const { contents } = await modern.readResource({ uri: 'catalyst://positions/current' });
    expect(contents).toHaveLength(1);
  });
  it('hears within a moment of what it follows, and not of what it does not', async () => {
    const updated: string[] = [];
    modern.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      updated.push(params.uri);
    });
    const followed = await modern.listen({
      resourceSubscriptions: ['catalyst://positions/current'],
    });
    const change = {
      cycle_id: CYCLE_ID,
      position_id: POSITION_ID,
      symbol: 'ACME',
      status: 'open',
      qty: '100',
      unrealized_pnl_usd: '91',
      realized_pnl_usd: '0',
    };
    await publishAs(RUN_ID, 'catalyst:position_update', change);
    await eventually(() => expect(updated).toEqual(['catalyst://positions/current']));
    await followed.close();
  });
  it('takes a call back by leaving it: an act that was not begun is not done', async () => {
    const previewed = await modern.callTool({
      name: 'preview_trade',
      arguments: { symbol: 'ACME', side: 'buy', quantity: 10 },
    });
    const { preview_id } = previewed.structuredContent as { preview_id: string };
    const release = fleet.workflow.hold('recordToolCalls');
    const isIntended = ({ body }: { body: Record<string, unknown> }) =>
      JSON.stringify(body).includes('"intended"');
    const takenBack = new AbortController();
    const executing = modern.callTool(
      { name: 'execute_trade', arguments: { preview_id } },
      { signal: takenBack.signal },
    );
    await eventually(() => expect(fleet.workflow.asked.some(isIntended)).toBe(true));
    takenBack.abort();
    await expect(executing).rejects.toThrow();
    // the connection's end has arrived before these are answered
    for (let turn = 0; turn < 3; turn += 1) await modern.callTool({ name: 'get_risk_status' });
    release();
    await eventually(() =>
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({ tool: 'execute_trade', outcome: 'cancelled' }),
      ),
    );
    expect(fleet.sent).toEqual([]);
  });
  it('hears how far a long act is, and is answered before it ends with what to ask by', async () => {
    const release = fleet.workflow.hold('stopCycle');
    const stop = (given: object) =>
      modern.callTool(
        { name: 'stop_trading_session', arguments: { reason: 'done for today', ...given } },
        { onprogress: ({ message }) => told.push(message) },
      );
    const told: (string | undefined)[] = [];
    const { preview_id } = (await stop({})).structuredContent as { preview_id: string };
    const { structuredContent } = await stop({ preview_id });
    release();
    expect(structuredContent).toMatchObject({ status: 'closing', cycle_id: CYCLE_ID });
    expect(new Set(told)).toEqual(new Set(['1 of 1 position still open']));
  });
  it('loses its stream within a second of its key', async () => {
    const key = 'a-key-that-listens-and-ends';
    fleet.letIn('listener', key);
    const listener = await connectModern(key);
    const stream = await listener.listen({
      resourceSubscriptions: ['catalyst://positions/current'],
    });
    fleet.letIn('listener', key, { state: 'revoked' });
    await publishAs(RUN_ID, 'catalyst:access_key_revoked', {
      key_id: stableId('key', 'listener'),
      kind: 'claude',
      name: 'listener',
    });
    await stream.closed;
    await expect(listener.callTool({ name: 'get_risk_status' })).rejects.toThrow(/was revoked/);
    await listener.close();
  });
  it('sees no tool that its key may not call, and is told what it needs', async () => {
    const key = 'a-key-that-only-reads';
    fleet.letIn('reader', key, { scopes: ['read'] });
    const reader = await connectModern(key);
    const names = (await reader.listTools()).tools.map(({ name }) => name);
    expect(names).toContain('get_risk_status');
    expect(names).not.toContain('execute_trade');
    const refused = await reader.callTool({ name: 'halt_trading', arguments: { scope: 'halt' } });
    expect([refused.isError, JSON.stringify(refused.content)]).toEqual([
      true,
      expect.stringContaining('needs the scope propose'),
    ]);
    await reader.close();
  });
});
