import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { CYCLE_ID, POSITION_ID } from './fleet-behind/desk-rows.ts';
import { publishAs } from './publish-as.ts';
import { KEY, mcpUrl, RUN_ID, serveMcp } from './serve-mcp.ts';

serveMcp();
const bridge = fileURLToPath(
  new URL('../../../packages/cli/src/claude/bridge.mjs', import.meta.url),
);
const start = async (mode: 'legacy' | { pin: string }, key = KEY): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [bridge],
      env: { CATALYST_MCP_URL: mcpUrl().href, CATALYST_MCP_KEY: key },
      stderr: 'ignore',
    }),
  );
  return client;
};
const change = {
  cycle_id: CYCLE_ID,
  position_id: POSITION_ID,
  symbol: 'ACME',
  status: 'open',
  qty: '100',
  unrealized_pnl_usd: '91',
  realized_pnl_usd: '0',
};
const FOLLOWED = 'catalyst://positions/current';

describe('over standard input and output', () => {
  it.each([
    ['2025', 'legacy' as const],
    ['the stateless revision', { pin: '2026-07-28' }],
  ])('a client of %s lists, calls and hears what it follows', async (_, mode) => {
    const client = await start(mode);
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('execute_trade');
      const { structuredContent } = await client.callTool({
        name: 'get_risk_status',
        arguments: {},
      });
      expect(structuredContent).toMatchObject({ mode: 'replay' });
      const updated: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        updated.push(params.uri);
      });
      if (mode === 'legacy') await client.subscribeResource({ uri: FOLLOWED });
      else await client.listen({ resourceSubscriptions: [FOLLOWED] });
      await eventually(async () => {
        // the stream opens in the background after the handshake
        if (updated.length === 0) await publishAs(RUN_ID, 'catalyst:position_update', change);
        expect(updated).toContain(FOLLOWED);
      });
    } finally {
      await client.close();
    }
  });
  it('is refused in words with a wrong key', async () => {
    await expect(start('legacy', 'a-key-that-nobody-made')).rejects.toThrow(
      /not one that the desk knows/,
    );
  });
});
