import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { orchestrationApi } from '@catalyst/contracts';
import { eventually, startTestService, type TestService } from '@catalyst/testkit';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { orchestrationService } from '../src/service.ts';
import { CYCLE_ID, POSITION_ID } from './fleet-behind/desk-rows.ts';
import { startFleetBehind, type FleetBehind } from './fleet-behind/fleet-behind.ts';
import { publishAs } from './publish-as.ts';

const RUN_ID = `copies-${process.pid}-${Date.now()}`;
const KEY = 'a-key-for-whatever-copy-answers';
const BUSY_KEY = 'a-key-that-asks-too-often';
let fleet: FleetBehind;
let copies: TestService<typeof orchestrationApi>[];
let client: Client;

/** Sends each request to the next copy, as a proxy without sticky sessions does. */
const inTurn = (): typeof fetch => {
  let turn = 0;
  return (address, init) => {
    const { pathname } = new URL(address instanceof Request ? address.url : address);
    turn += 1;
    return fetch(`${copies[turn % copies.length]!.url}${pathname}`, init);
  };
};
const connect = async (key: string): Promise<Client> => {
  const made = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${copies[0]!.url}/mcp`), {
    requestInit: { headers: { 'X-API-Key': key } },
    fetch: inTurn(),
  });
  await made.connect(transport);
  return made;
};

beforeAll(async () => {
  fleet = await startFleetBehind();
  fleet.letIn('claude', KEY);
  fleet.letIn('busy', BUSY_KEY);
  const env = { ...fleet.env, RUN_ID, MCP_REQUESTS_PER_MINUTE: '60' };
  copies = await Promise.all(
    [1, 2].map(() =>
      startTestService(orchestrationService, { env, replay_start_at: '2026-03-10T08:00:00.000Z' }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(copies.map((copy) => copy.close()));
  await fleet.close();
});
beforeEach(async () => {
  client = await connect(KEY);
});
afterEach(() => client.close());

describe('two copies behind a proxy that knows no sessions', () => {
  it('go on with each other’s sessions, and tell what is followed whichever of them heard of it', async () => {
    const updated: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      updated.push(params.uri);
    });
    for (let asked = 0; asked < 4; asked += 1)
      expect((await client.callTool({ name: 'get_risk_status' })).isError).toBeUndefined();
    await client.subscribeResource({ uri: 'catalyst://positions/current' });
    await eventually(async () => {
      if (updated.length === 0)
        await publishAs(RUN_ID, 'catalyst:position_update', {
          cycle_id: CYCLE_ID,
          position_id: POSITION_ID,
          symbol: 'ACME',
          status: 'open',
          qty: '100',
          unrealized_pnl_usd: '91',
          realized_pnl_usd: '0',
        });
      expect(updated).toContain('catalyst://positions/current');
    });
  });
  it('take a call back that the other one runs', async () => {
    const preview = () =>
      client.callTool({
        name: 'preview_trade',
        arguments: { symbol: 'ACME', side: 'buy', quantity: 10 },
      });
    await eventually(async () => {
      const { preview_id } = (await preview()).structuredContent as { preview_id: string };
      const release = fleet.workflow.hold('recordToolCalls');
      const isIntended = ({ body }: { body: Record<string, unknown> }) =>
        JSON.stringify(body).includes(preview_id) && JSON.stringify(body).includes('"intended"');
      const takenBack = new AbortController();
      const executing = client.callTool(
        { name: 'execute_trade', arguments: { preview_id } },
        { signal: takenBack.signal },
      );
      await eventually(() => expect(fleet.workflow.asked.some(isIntended)).toBe(true));
      takenBack.abort();
      await expect(executing).rejects.toThrow();
      await client.ping();
      release();
      const ended = await eventually(() => {
        const row = fleet.audited.find(
          ({ arguments: given, outcome }) =>
            given.preview_id === preview_id && outcome !== 'intended',
        );
        expect(row).toBeDefined();
        return row!;
      });
      expect(ended.outcome).toBe('cancelled');
    });
  });
  it('end a session for both', async () => {
    const { sessionId, terminateSession } = client.transport as StreamableHTTPClientTransport;
    await client.callTool({ name: 'get_risk_status' });
    await client.callTool({ name: 'get_risk_status' });
    await terminateSession.call(client.transport);
    const ask = (copy: TestService<typeof orchestrationApi>) =>
      fetch(`${copy.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'x-api-key': KEY,
          'mcp-session-id': sessionId!,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
    for (const copy of copies)
      await eventually(async () => expect((await ask(copy)).status).toBe(404));
  });
  it('count one key together, say what is left, and let a stop pass all the same', async () => {
    const ask = (turn: number, tool: string, given: object = {}) =>
      fetch(`${copies[turn % 2]!.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': BUSY_KEY },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: tool, arguments: given },
        }),
      });
    const answers = [];
    for (let turn = 0; turn < 64; turn += 1) answers.push(await ask(turn, 'get_risk_status'));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers[0]!.headers.get('ratelimit-remaining')).toBe('59');
    expect(answers.at(-1)!.status).toBe(429);
    expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0);
    const stop = copies[0]!;
    const tools = await (
      await fetch(`${stop.url}/mcp`, { method: 'GET', headers: { 'x-api-key': BUSY_KEY } })
    ).text();
    expect(tools).toContain('TOO_MANY_REQUESTS');
    expect((await ask(0, 'halt_trading', { reason: 'too much of it' })).status).toBe(200);
  });
});
