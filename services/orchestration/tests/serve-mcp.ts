import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { orchestrationApi } from '@catalyst/contracts';
import { startTestService, type TestService } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import axios from 'axios';
import { orchestrationService } from '../src/service.ts';
import { startFleetBehind, type FleetBehind } from './fleet-behind/fleet-behind.ts';

export const KEY = 'a-key-of-claude-that-is-long-enough';
export const OTHER_KEY = 'a-key-of-somebody-else';
export const RUN_ID = `mcp-${randomUUID().slice(0, 8)}`;

let service: TestService<typeof orchestrationApi>;
export let fleet: FleetBehind;
/** A session of its own for each test. */
export let client: Client;

export const mcpUrl = (): URL => new URL(`${service.url}/mcp`);
export const connect = async (key = KEY): Promise<Client> => {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(
    new StreamableHTTPClientTransport(mcpUrl(), { requestInit: { headers: { 'X-API-Key': key } } }),
  );
  return made;
};
export const call = async (
  name: string,
  given: Record<string, unknown> = {},
): Promise<
  CallToolResult & {
    /** The first line: of which desk, how it stands, of when. */
    head: string;
    text: string;
    data: Record<string, never>;
  }
> => {
  const result = (await client.callTool({ name, arguments: given })) as CallToolResult;
  const [first] = result.content;
  const [head, ...lines] = (first?.type === 'text' ? first.text : '').split('\n');
  return {
    ...result,
    head: head!,
    text: lines.join('\n'),
    data: result.structuredContent as Record<string, never>,
  };
};
export const post = (body: unknown, headers: Record<string, string> = { 'x-api-key': KEY }) =>
  axios.post(mcpUrl().href, body, {
    validateStatus: () => true,
    headers: { 'content-type': 'application/json', ...headers },
  });
export const single = (method: string, params: Record<string, unknown> = {}) =>
  post({ jsonrpc: '2.0', id: 1, method, params });
/** What the service says of its own health. */
export const notes = async (): Promise<string[]> =>
  (await axios.get<{ notes: string[] }>(`${service.url}/health`)).data.notes;

/** Starts the service before the tests of a file, and ends it after them. */
export const serveMcp = (): void => {
  beforeAll(async () => {
    fleet = await startFleetBehind();
    fleet.letIn('claude', KEY);
    fleet.letIn('other', OTHER_KEY);
    service = await startTestService(orchestrationService, {
      env: { ...fleet.env, RUN_ID, MCP_REQUESTS_PER_MINUTE: '1000000' },
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
};
