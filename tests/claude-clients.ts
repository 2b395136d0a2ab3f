import { appendFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Replay } from '@catalyst/testkit';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

export type Era = 'old' | 'modern';
/** What a tool answered. */
export interface Told {
  text: string;
  data: Record<string, never>;
  isError: boolean;
}

/**
 * The protocol's official clients of both eras, on one desk. Every answer is looked at as a model
 * reads it: how it begins, how exact its numbers are, how long it is. ANSWERS_TO names a file that
 * all of them are written to.
 */
export const connectClaude = async (replay: Replay) => {
  const url = new URL(`${replay.desk.fleet.urls.orchestration}/mcp`);
  const options = { requestInit: { headers: { 'X-API-Key': replay.desk.mcp_key } } };
  const old = new Client({ name: 'test', version: '1' });
  const modern = new ModernClient(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await old.connect(new StreamableHTTPClientTransport(url, options));
  await modern.connect(new ModernTransport(url, options));
  /** What of every answer a model reads, in tokens of some 3.5 characters. */
  const sizes: { name: string; is_default: boolean; tokens: number }[] = [];
  return {
    sizes,
    call: async (
      name: string,
      given: Record<string, unknown> = {},
      era: Era = 'old',
    ): Promise<Told> => {
      const client = { old, modern }[era] as Client;
      const result = (await client.callTool({ name, arguments: given })) as CallToolResult;
      const [first] = result.content;
      const text = first?.type === 'text' ? first.text : '';
      const { structuredContent: data } = result;
      const tokens = JSON.stringify([text, data]).length / 3.5;
      sizes.push({ name, is_default: !('limit' in given), tokens });
      // nowhere more decimals than say something, and each answer says of which desk it is
      expect([name, text.replace(/<<<untrusted[^]*$/, '')]).toEqual([
        name,
        expect.not.stringMatching(/\d\.\d{5}/),
      ]);
      expect(text).toMatch(/^\[REPLAY\] \d\d:\d\d New York · trading \w+/);
      if (process.env.ANSWERS_TO) appendFileSync(process.env.ANSWERS_TO, `\n# ${name}\n${text}\n`);
      return { text, data: data as Told['data'], isError: result.isError === true };
    },
    close: async (): Promise<void> => {
      await old.close();
      await modern.close();
    },
  };
};
