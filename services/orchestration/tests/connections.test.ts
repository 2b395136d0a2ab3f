import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventually, startTestService } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import axios from 'axios';
import { orchestrationService } from '../src/service.ts';
import {
  KEY,
  OTHER_KEY,
  RUN_ID,
  client,
  connect,
  fleet,
  mcpUrl,
  post,
  single,
  serveMcp,
} from './serve-mcp.ts';

serveMcp();

describe('the key', () => {
  it('is needed: 401 without one, 403 for a wrong one', async () => {
    expect((await post({}, {})).status).toBe(401);
    const wrong = await post({}, { 'x-api-key': 'wrong' });
    expect([wrong.status, wrong.data.error.code]).toEqual([403, 'WRONG_KEY']);
    await expect(connect('wrong')).rejects.toThrow();
  });
  it('may also come as a Bearer token', async () => {
    expect(
      (await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { authorization: `Bearer ${KEY}` }))
        .data,
    ).toMatchObject({ id: 1, result: {} });
  });
  it('owns its sessions: another key finds nothing under their ids', async () => {
    const { sessionId } = client.transport as StreamableHTTPClientTransport;
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect((await post(ping, { 'x-api-key': KEY, 'mcp-session-id': sessionId! })).status).toBe(200);
    expect(
      (await post(ping, { 'x-api-key': OTHER_KEY, 'mcp-session-id': sessionId! })).status,
    ).toBe(404);
    expect((await post(ping, { 'x-api-key': KEY, 'mcp-session-id': randomUUID() })).status).toBe(
      404,
    );
  });
});

describe('a client without a session', () => {
  it('lists, reads and calls with single requests, whatever it accepts', async () => {
    expect((await single('tools/list')).data.result.tools.length).toBeGreaterThan(20);
    expect(
      (await single('resources/read', { uri: 'catalyst://positions/current' })).data.result
        .contents[0].text,
    ).toContain('"mode":"replay"');
    const plain = { jsonrpc: '2.0', id: 'mine', method: 'ping' };
    for (const [accept, status] of [
      ['application/json', 200],
      ['*/*', 200],
      ['text/html', 406],
    ] as const)
      expect((await post(plain, { 'x-api-key': KEY, accept })).status).toBe(status);
    expect((await post(plain)).data).toEqual({ jsonrpc: '2.0', id: 'mine', result: {} });
    const called = await single('tools/call', { name: 'get_risk_status', arguments: {} });
    expect([
      called.status,
      called.headers['mcp-session-id'],
      called.data.result.structuredContent.trading_state,
    ]).toEqual([200, undefined, 'active']);
  });
  it('cannot follow a resource, nor open a stream', async () => {
    expect(
      (await single('resources/subscribe', { uri: 'catalyst://positions/current' })).data.error
        .code,
    ).toBe(-32600);
    const stream = await axios.get(mcpUrl().href, {
      validateStatus: () => true,
      headers: { 'x-api-key': KEY, accept: 'text/event-stream' },
    });
    expect([stream.status, stream.headers.allow]).toEqual([405, 'POST']);
  });
  it('is told when its body is not JSON, no message, or too large', async () => {
    expect((await post('{"jsonrpc":')).data.error.code).toBe(-32700);
    expect((await post({ hello: 'world' })).status).toBe(400);
    const large = await single('tools/call', {
      name: 'get_risk_status',
      arguments: { text: 'x'.repeat(1_100_000) },
    });
    expect([large.status, large.data.error.code]).toEqual([413, -32600]);
  });
  it('is refused when a page of another site sends it', async () => {
    expect(
      (
        await post(
          { jsonrpc: '2.0', id: 1, method: 'ping' },
          { 'x-api-key': KEY, origin: 'https://evil.test' },
        )
      ).status,
    ).toBe(403);
  });
});

describe('a call that takes a while', () => {
  it('is answered to a client whose connection broke, who names the last event it heard', async () => {
    const release = fleet.risk.hold('showLimits');
    const ask = {
      method: 'tools/call',
      params: { name: 'get_risk_status', arguments: {} },
    } as const;
    const lost = await connect();
    const times = () => fleet.risk.asked.filter(({ route }) => route === 'showLimits').length;
    const before = times();
    let heard: string | undefined;
    const unheard = lost.request(ask, CallToolResultSchema, {
      onresumptiontoken: (token) => {
        heard = token;
      },
    });
    await eventually(() => expect([typeof heard, times() - before]).toEqual(['string', 1]));
    const { sessionId } = lost.transport as StreamableHTTPClientTransport;
    await Promise.all([lost.close(), expect(unheard).rejects.toThrow()]);
    release();
    const back = new Client({ name: 'test', version: '1' });
    await back.connect(
      new StreamableHTTPClientTransport(mcpUrl(), {
        sessionId: sessionId!,
        requestInit: { headers: { 'X-API-Key': KEY } },
      }),
    );
    const answer = await back.request(ask, CallToolResultSchema, { resumptionToken: heard! });
    expect(answer.structuredContent).toMatchObject({ trading_state: 'active' });
    expect(times() - before).toBe(1);
    await back.close();
  });
});

describe('a session', () => {
  it('goes on with a token that may less, which sees and may no more than that', async () => {
    const key = 'a-key-whose-next-token-may-less';
    fleet.letIn('narrowed', key);
    const narrowed = await connect(key);
    let hasNewTools = false;
    narrowed.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      hasNewTools = true;
    });
    const names = async () => (await narrowed.listTools()).tools.map(({ name }) => name);
    expect(await names()).toContain('execute_trade');
    fleet.letIn('narrowed', key, { scopes: ['read'] });
    await eventually(async () => expect(await names()).not.toContain('execute_trade'));
    await eventually(() => expect(hasNewTools).toBe(true));
    const refused = await narrowed.callTool({
      name: 'pause_trading',
      arguments: { reason: 'doubt' },
    });
    expect(JSON.stringify(refused.content)).toContain('needs the scope propose');
    await narrowed.close();
  });

  it('ends when its client says so', async () => {
    const { sessionId } = client.transport as StreamableHTTPClientTransport;
    await (client.transport as StreamableHTTPClientTransport).terminateSession();
    expect(
      (
        await post(
          { jsonrpc: '2.0', id: 1, method: 'ping' },
          { 'x-api-key': KEY, 'mcp-session-id': sessionId! },
        )
      ).status,
    ).toBe(404);
  });
  it('does not hold up a service that stops, though its stream is open', async () => {
    const other = await startTestService(orchestrationService, {
      env: { ...fleet.env, RUN_ID, MCP_REQUESTS_PER_MINUTE: '1000000' },
      replay_start_at: '2026-03-10T08:00:00.000Z',
    });
    const follower = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(`${other.url}/mcp`), {
      requestInit: { headers: { 'X-API-Key': KEY } },
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1,
        maxReconnectionDelay: 1,
        reconnectionDelayGrowFactor: 1,
      },
    });
    await follower.connect(transport);
    const stream = await fetch(`${other.url}/mcp`, {
      headers: {
        'x-api-key': KEY,
        accept: 'text/event-stream',
        'mcp-session-id': transport.sessionId!,
      },
    });
    // one stream per session: the client has it, or this request has
    expect([200, 409]).toContain(stream.status);
    await other.close();
    // a stream that was cut off by force would end in an error instead
    await stream.text();
    await follower.close();
  });
});
