import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { KEY, call, client, fleet, mcpUrl, post, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('a call', () => {
  it('is waited for no longer once it is taken back, and what it began goes on', async () => {
    const release = fleet.workflow.hold('stopCycle');
    const reason = 'done for today';
    const { preview_id } = (await call('stop_trading_session', { reason })).data;
    const [takenBack, told]: [AbortController, (string | undefined)[]] = [
      new AbortController(),
      [],
    ];
    const stopping = client.callTool(
      { name: 'stop_trading_session', arguments: { reason, preview_id } },
      undefined,
      { signal: takenBack.signal, onprogress: ({ message }) => told.push(message) },
    );
    await eventually(() => expect(told).toContain('1 of 1 position still open'));
    takenBack.abort();
    await expect(stopping).rejects.toThrow();
    await eventually(() =>
      expect(fleet.audited.at(-1)).toMatchObject({
        tool: 'stop_trading_session',
        outcome: 'closing',
      }),
    );
    release();
  });
});

describe('the stream of a call that is taken back', () => {
  /** What the client's transport asked for by GET with an event it had heard, and what it got. */
  const connectWatched = async () => {
    const resumed: number[] = [];
    const faults: Error[] = [];
    const watched = new Client({ name: 'test', version: '1' });
    await watched.connect(
      new StreamableHTTPClientTransport(mcpUrl(), {
        requestInit: { headers: { 'X-API-Key': KEY } },
        fetch: async (url, init) => {
          const answer = await fetch(url, init);
          if (new Headers(init?.headers).has('last-event-id')) resumed.push(answer.status);
          return answer;
        },
      }),
    );
    watched.onerror = (error) => void faults.push(error);
    return { watched, resumed, faults };
  };

  it('ends without an answer, and its client comes back for it once', async () => {
    const release = fleet.risk.hold('showLimits');
    const { watched, resumed, faults } = await connectWatched();
    const takenBack = new AbortController();
    const asked = () => fleet.risk.asked.filter(({ route }) => route === 'showLimits').length;
    const before = asked();
    const heard: string[] = [];
    const asking = watched.callTool({ name: 'get_risk_status', arguments: {} }, undefined, {
      signal: takenBack.signal,
      onresumptiontoken: (token) => void heard.push(token),
    });
    await eventually(() => expect([heard.length, asked() - before]).toEqual([1, 1]));
    takenBack.abort();
    await expect(asking).rejects.toThrow();
    await eventually(() => expect(resumed).toEqual([204]), 5_000);
    release();
    // nobody comes back a second time: that would be after a second
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([resumed, faults]).toEqual([[204], []]);
    expect((await watched.callTool({ name: 'get_risk_status' })).isError).toBe(undefined);
    await watched.close();
  });
  it('goes on for the other requests of the same message', async () => {
    const { sessionId } = client.transport as StreamableHTTPClientTransport;
    const headers = {
      'x-api-key': KEY,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': sessionId!,
    };
    const releases = [fleet.risk.hold('showLimits'), fleet.trading.hold('listPositions')];
    const times = (service: 'risk' | 'trading') =>
      fleet[service].asked.filter(({ route }) => /^(showLimits|listPositions)$/.test(route)).length;
    const [risks, positions] = [times('risk'), times('trading')];
    const ask = (id: number, name: string) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: {} },
    });
    const both = fetch(mcpUrl(), {
      method: 'POST',
      headers,
      body: JSON.stringify([ask(901, 'get_risk_status'), ask(902, 'get_positions')]),
    });
    await eventually(() =>
      expect([times('risk'), times('trading')]).toEqual([risks + 1, positions + 1]),
    );
    await post(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 901 } },
      headers,
    );
    for (const release of releases) release();
    const text = await (await both).text();
    expect([...text.matchAll(/"id":(90\d)/g)].map(([, id]) => id)).toEqual(['902']);
  });
});
