import { describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { KEY, mcpUrl, OTHER_KEY, post, serveMcp, single } from './serve-mcp.ts';

serveMcp();
const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
  axios.post(mcpUrl().href, body, {
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    headers: { 'content-type': 'application/json', 'x-api-key': KEY, ...headers },
  });
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe('what is no request of the protocol', () => {
  it.each([
    ['cut off', '{"jsonrpc":', 400, -32700],
    ['empty', '', 400, -32600],
    ['a number', '1', 400, -32700],
    ['an empty batch', '[]', 400, -32600],
    ['an object of another kind', '{"hello":"world"}', 400, -32600],
    ['of another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    ['without a whole id', '{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32600],
    ['nested beyond reason', `${'['.repeat(450_000)}${']'.repeat(450_000)}`, 400, -32600],
    ['too large', JSON.stringify({ ...ping, params: { x: 'x'.repeat(1_100_000) } }), 413, -32600],
  ])('that is %s is answered in its own words', async (_, body, status, code) => {
    const { status: given, data } = await send(body);
    expect([given, data]).toMatchObject([status, { jsonrpc: '2.0', id: null, error: { code } }]);
  });
  it('that says it is compressed is refused before it is unpacked', async () => {
    const { status } = await send(JSON.stringify(ping), { 'content-encoding': 'gzip' });
    expect(status).toBe(415);
  });
  it.each([
    ['tools/call', {}, 'params.name'],
    ['tools/call', { name: 7 }, 'params.name'],
    ['tools/call', { name: 'get_risk_status', arguments: [] }, 'params.arguments'],
    ['resources/read', { uri: null }, 'params.uri'],
    ['prompts/get', { name: [] }, 'params.name'],
    ['completion/complete', { ref: {} }, 'params'],
    ['tools/list', { cursor: 'elsewhere' }, 'one page'],
  ])('as params of %s (%j) is -32602 and says where', async (method, params, where) => {
    const { data } = await single(method, params);
    expect(data.error).toMatchObject({ code: -32602, message: expect.stringContaining(where) });
    expect(data.error.message).not.toMatch(/[{}[\]]/);
  });
  it.each([
    ['host', 'evil.test'],
    ['origin', 'https://evil.test'],
    ['origin', 'null'],
  ])('with %s %s is refused, though the key is right', async (name, value) => {
    expect((await post(ping, { 'x-api-key': KEY, [name]: value })).status).toBe(403);
  });
});

describe('two keys', () => {
  it('know nothing of each other: neither session nor what it follows', async () => {
    const begun = await post({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      },
    });
    const session = String(begun.headers['mcp-session-id']);
    const ask = (key: string) => post(ping, { 'x-api-key': key, 'mcp-session-id': session });
    expect((await ask(OTHER_KEY)).status).toBe(404);
    expect((await ask(KEY)).status).toBe(200);
  });
});
