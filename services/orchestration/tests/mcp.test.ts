import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { orchestrationApi } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import { sha256 } from '@catalyst/service-kit';
import { eventually, startTestService, type TestService } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ResourceUpdatedNotificationSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';
import axios from 'axios';
import { Redis } from 'ioredis';
import { orchestrationService } from '../src/service.ts';
import {
  CYCLE_ID,
  HOSTILE_HEADLINE,
  POSITION_ID,
  startFleetBehind,
  type FleetBehind,
} from './fleet-behind.ts';

const KEY = 'a-key-of-claude-that-is-long-enough';
const OTHER_KEY = 'a-key-of-somebody-else';
const RUN_ID = `mcp-${randomUUID().slice(0, 8)}`;
const TOOLS = [
  'start_trading_session',
  'stop_trading_session',
  'get_scan_results',
  'get_candidate_analysis',
  'execute_trade',
  'close_position',
  'update_risk_parameter',
  'get_risk_status',
  'get_performance_report',
  'get_trade_journal',
];

let fleet: FleetBehind;
let service: TestService<typeof orchestrationApi>;
let client: Client;

const connect = async (key = KEY): Promise<Client> => {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(
    new StreamableHTTPClientTransport(new URL(`${service.url}/mcp`), {
      requestInit: { headers: { 'X-API-Key': key } },
    }),
  );
  return made;
};
const call = async (
  name: string,
  given: Record<string, unknown> = {},
): Promise<CallToolResult & { text: string; data: Record<string, never> }> => {
  const result = (await client.callTool({ name, arguments: given })) as CallToolResult;
  const [first] = result.content;
  return {
    ...result,
    text: first?.type === 'text' ? first.text : '',
    data: result.structuredContent as Record<string, never>,
  };
};
const post = (body: unknown, headers: Record<string, string> = { 'x-api-key': KEY }) =>
  axios.post(`${service.url}/mcp`, body, {
    validateStatus: () => true,
    headers: { 'content-type': 'application/json', ...headers },
  });
const single = (method: string, params: Record<string, unknown> = {}) =>
  post({ jsonrpc: '2.0', id: 1, method, params });

beforeAll(async () => {
  fleet = await startFleetBehind();
  service = await startTestService(orchestrationService, {
    env: {
      ...fleet.env,
      RUN_ID,
      MCP_KEY_HASHES: JSON.stringify({ claude: sha256(KEY), other: sha256(OTHER_KEY) }),
    },
    replay_start_at: '2026-03-10T08:00:00.000Z',
  });
});
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});
beforeEach(async () => {
  client = await connect();
});
afterEach(async () => {
  fleet.setAuditDown(false);
  await client.close();
});

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

describe('what is offered', () => {
  it('is the ten tools of v6.0, with small schemas and honest hints', async () => {
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(TOOLS);
    for (const tool of tools) {
      expect(JSON.stringify(tool.inputSchema).length).toBeLessThan(1500);
      expect(tool.annotations!.readOnlyHint).toBe(tool.name.startsWith('get_'));
      expect(tool.annotations!.destructiveHint).toBe(!tool.name.startsWith('get_'));
    }
  });
  it('is the nine resources of v6.0, each of them readable JSON that says replay', async () => {
    const [{ resources }, { resourceTemplates }] = await Promise.all([
      client.listResources(),
      client.listResourceTemplates(),
    ]);
    expect(
      [
        ...resources.map(({ uri }) => uri),
        ...resourceTemplates.map(({ uriTemplate }) => uriTemplate),
      ].toSorted(),
    ).toEqual([
      'catalyst://alerts/active',
      'catalyst://market-scan/candidates/{symbol}',
      'catalyst://market-scan/latest',
      'catalyst://performance/daily',
      'catalyst://performance/weekly',
      'catalyst://positions/current',
      'catalyst://positions/{position_id}/status',
      'catalyst://trading-cycle/current',
      'catalyst://trading-cycle/{cycle_id}/timeline',
    ]);
    const uris = [
      ...resources.map(({ uri }) => uri),
      `catalyst://trading-cycle/${CYCLE_ID}/timeline`,
      'catalyst://market-scan/candidates/ACME',
      `catalyst://positions/${POSITION_ID}/status`,
    ];
    for (const uri of uris) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(content).toMatchObject({ uri, mimeType: 'application/json' });
      expect(JSON.parse((content as { text: string }).text)).toMatchObject({ mode: 'replay' });
    }
  });
  it('says of a desk that has no cycle yet when the exchange is open again, instead of failing', async () => {
    fleet.setHasCycle(false);
    const [content] = (await client.readResource({ uri: 'catalyst://trading-cycle/current' }))
      .contents;
    fleet.setHasCycle(true);
    expect(JSON.parse((content as { text: string }).text)).toMatchObject({
      cycle: null,
      market: {
        session: 'closed',
        closed_because: 'the exchange is closed on 2026-03-28',
        next_session: { trade_date: '2026-03-30' },
      },
    });
  });
  it('has a clear answer for a resource that is not there, and for one whose subject is not', async () => {
    await expect(client.readResource({ uri: 'catalyst://nothing/here' })).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('catalyst://nothing/here'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/ZZZZ' }),
    ).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('the last scan has no ZZZZ'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/../../x' }),
    ).rejects.toMatchObject({ code: -32002 });
  });
  it('answers every reading tool with words and structure, and with the mode in both', async () => {
    for (const name of [
      'get_scan_results',
      'get_risk_status',
      'get_performance_report',
      'get_trade_journal',
    ]) {
      const { text, data, isError } = await call(name);
      expect([name, isError, data.mode]).toEqual([name, undefined, 'replay']);
      expect(text).toMatch(/^\[REPLAY\] /);
    }
    expect((await call('get_candidate_analysis', { symbol: 'acme' })).data).toMatchObject({
      result: { symbol: 'ACME', composite_score: 0.83 },
    });
    expect((await call('get_performance_report', { period: 'weekly' })).text).toContain(
      'profit factor n/a (no losing trade to divide by)',
    );
    expect((await call('get_scan_results', { include: 'all' })).data).toMatchObject({ total: 2 });
  });
});

describe('a trade', () => {
  it('is previewed first and executed once, however often it is confirmed', async () => {
    const preview = await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity: 100 });
    expect(preview.data).toMatchObject({
      status: 'confirmation_required',
      verdict: { verdict: 'approved', qty: '100' },
      mode: 'replay',
    });
    expect(fleet.sent).toEqual([]);
    const { preview_id } = preview.data as unknown as { preview_id: string };
    expect(preview.text).toContain(preview_id);
    const [first, second] = await Promise.all([
      call('execute_trade', { preview_id }),
      call('execute_trade', { preview_id, symbol: 'ACME', side: 'buy', qty: '100' }),
    ]);
    expect([first.data.status, second.data.status]).toEqual(['executed', 'executed']);
    expect(fleet.sent).toEqual(['ACME']);
  });
  it('is not confirmed in other words than it was previewed', async () => {
    const { preview_id } = (await call('execute_trade', { symbol: 'CRUX', side: 'buy', qty: '10' }))
      .data as unknown as { preview_id: string };
    const other = await call('execute_trade', {
      preview_id,
      symbol: 'BOLT',
      side: 'sell',
      quantity: 500,
    });
    expect(other).toMatchObject({ isError: true, data: { error: { code: 'INVALID_REQUEST' } } });
    expect(other.text).toContain(
      'symbol BOLT (previewed: CRUX), side sell (previewed: buy), qty 500 (previewed: 10)',
    );
    expect(fleet.sent).not.toContain('CRUX');
  });
  it('that risk refuses is an answer with its numbers, not an error, and has nothing to confirm', async () => {
    const { data, isError, text } = await call('execute_trade', {
      symbol: 'ACME',
      side: 'buy',
      quantity: 5000,
    });
    expect([isError, data.status, data.code, data.preview_id]).toEqual([
      undefined,
      'refused',
      'POSITION_SIZE_LIMIT',
      undefined,
    ]);
    expect(text).toContain('443');
  });
  it('has the side buy or sell and nothing else', async () => {
    for (const side of ['long', 'BUY', 'short'])
      expect(
        (await call('execute_trade', { symbol: 'ACME', side, quantity: 1 })).data,
      ).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
  });
  it('with an unknown preview is a tool error with the code of its owner', async () => {
    expect(await call('execute_trade', { preview_id: randomUUID() })).toMatchObject({
      isError: true,
      data: { error: { code: 'NOT_FOUND' } },
    });
  });
});

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
});

describe('what was asked', () => {
  it('is audited in batches, reads, refused arguments and unknown tools too', async () => {
    await call('get_trade_journal', { limit: 7 });
    await call('get_trade_journal', { limit: 0 });
    await expect(
      client.callTool({ name: 'buy_everything', arguments: { marker: 7 } }),
    ).rejects.toMatchObject({ code: -32602 });
    await eventually(() => {
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({
          tool: 'get_trade_journal',
          arguments: { limit: 7 },
          outcome: 'ok',
        }),
      );
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({
          tool: 'get_trade_journal',
          arguments: { limit: 0 },
          outcome: 'INVALID_REQUEST',
        }),
      );
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({ tool: 'buy_everything', outcome: 'unknown tool' }),
      );
    });
  });
  it('wrongly gets an answer that says what is wrong', async () => {
    expect((await call('get_trade_journal', { limit: 0 })).text).toMatch(
      /^INVALID_REQUEST: the arguments of get_trade_journal are not right: .*limit/,
    );
    expect((await call('get_risk_status', { nonsense: 1 })).text).toContain('"nonsense"');
  });
});

describe('a hostile headline', () => {
  it('stays between marks that it cannot close, in every tool that shows news', async () => {
    for (const [name, given] of [
      ['get_scan_results', {}],
      ['get_candidate_analysis', { symbol: 'ACME' }],
      ['get_trade_journal', {}],
    ] as const) {
      const { text } = await call(name, given);
      const [, nonce] = /<<<untrusted ([0-9a-f]{16})\n/.exec(text)!;
      const close = `\nuntrusted ${nonce}>>>`;
      const [outside, ...rest] = text.split(`<<<untrusted ${nonce}\n`);
      expect(rest).toHaveLength(1);
      expect(rest[0]!.endsWith(close)).toBe(true);
      expect(outside).not.toContain('ignore all limits');
      // on lines of its own name only: no line begins with its instruction, nor with a mark
      for (const line of rest[0]!.slice(0, -close.length).split('\n'))
        expect(line).toMatch(/^ACME (reason|headline|why): /);
      expect(text).not.toContain('\u202E');
      expect(text.match(/>>>/g)).toHaveLength(1);
    }
  });
  it('is marked as untrusted in structured content and in resources', async () => {
    const check = (json: string) => {
      expect(json).toContain('untrusted_note');
      const withoutMarked = json.replace(/\{"untrusted_text":"(?:[^"\\]|\\.)*"\}/g, '');
      expect(withoutMarked).not.toContain('ignore all limits');
      expect(withoutMarked.length).toBeLessThan(json.length);
    };
    for (const name of ['get_scan_results', 'get_trade_journal'])
      check(JSON.stringify((await call(name)).data));
    for (const uri of [
      'catalyst://market-scan/latest',
      'catalyst://market-scan/candidates/ACME',
      `catalyst://trading-cycle/${CYCLE_ID}/timeline`,
    ]) {
      check(((await client.readResource({ uri })).contents[0] as { text: string }).text);
    }
    expect(HOSTILE_HEADLINE).toContain('ignore all limits');
  });
});

describe('a resource that is followed', () => {
  it('is announced when an event of this run changes it, and not after unsubscribing', async () => {
    const { url } = await sharedRedis();
    const redis = new Redis(url);
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      updated.push(params.uri);
    });
    let seq = 0;
    const publish = (payload: object, runId = RUN_ID) =>
      redis.publish(
        'catalyst:position_update',
        JSON.stringify({
          id: randomUUID(),
          name: 'catalyst:position_update',
          version: 1,
          seq: (seq += 1),
          at: '2026-03-10T15:00:00.000Z',
          source: 'trading',
          run_id: runId,
          request_id: 'r',
          causation_id: null,
          payload,
        }),
      );
    const change = {
      cycle_id: CYCLE_ID,
      position_id: POSITION_ID,
      symbol: 'ACME',
      status: 'open',
      qty: '100',
      unrealized_pnl_usd: '91',
      realized_pnl_usd: '0',
    };
    try {
      await client.subscribeResource({ uri: 'catalyst://positions/current' });
      await client.subscribeResource({ uri: `catalyst://positions/${POSITION_ID}/status` });
      await client.subscribeResource({ uri: 'catalyst://performance/weekly' });
      await publish(change, 'another-run');
      await eventually(async () => {
        // the stream opens in the background after the handshake, so the first announcement may
        // have had no one to go to
        if (updated.length < 2) await publish(change);
        expect(new Set(updated)).toEqual(
          new Set(['catalyst://positions/current', `catalyst://positions/${POSITION_ID}/status`]),
        );
      });
      expect(updated).not.toContain('catalyst://performance/weekly');
      await client.unsubscribeResource({ uri: 'catalyst://positions/current' });
      await client.unsubscribeResource({ uri: `catalyst://positions/${POSITION_ID}/status` });
      await publish({ ...change, status: 'closed' });
      // one stream keeps its order: what was under way before has arrived once this has
      await eventually(() => expect(updated).toContain('catalyst://performance/weekly'));
      updated.length = 0;
      await publish({ ...change, status: 'closed' });
      await eventually(() => expect(updated).toEqual(['catalyst://performance/weekly']));
    } finally {
      redis.disconnect();
    }
  });
  it('must exist', async () => {
    await expect(client.subscribeResource({ uri: 'catalyst://nothing' })).rejects.toMatchObject({
      code: -32002,
    });
  });
});

describe('a client without a session', () => {
  it('lists, reads and calls with single requests, whatever it accepts', async () => {
    expect((await single('tools/list')).data.result.tools).toHaveLength(10);
    expect(
      (await single('resources/read', { uri: 'catalyst://positions/current' })).data.result
        .contents[0].text,
    ).toContain('"mode":"replay"');
    const called = await single('tools/call', { name: 'get_risk_status', arguments: {} });
    expect([
      called.status,
      called.headers['mcp-session-id'],
      called.data.result.structuredContent.status.trading_state,
    ]).toEqual([200, undefined, 'active']);
  });
  it('cannot follow a resource, nor open a stream', async () => {
    expect(
      (await single('resources/subscribe', { uri: 'catalyst://positions/current' })).data.error
        .code,
    ).toBe(-32601);
    const stream = await axios.get(`${service.url}/mcp`, {
      validateStatus: () => true,
      headers: { 'x-api-key': KEY, accept: 'text/event-stream' },
    });
    expect([stream.status, stream.headers.allow]).toEqual([405, 'POST']);
  });
  it('is told when its body is not JSON, no message, or too large', async () => {
    expect((await post('{"jsonrpc":')).data.error.code).toBe('INVALID_JSON');
    expect((await post({ hello: 'world' })).status).toBe(400);
    const large = await single('tools/call', {
      name: 'get_risk_status',
      arguments: { text: 'x'.repeat(1_100_000) },
    });
    expect([large.status, large.data.error.code]).toEqual([413, 'BODY_TOO_LARGE']);
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

describe('a session', () => {
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
      env: { ...fleet.env, RUN_ID, MCP_KEY_HASHES: JSON.stringify({ claude: sha256(KEY) }) },
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
