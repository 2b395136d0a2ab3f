import { describe, expect, it } from '@jest/globals';
import { createTools } from '../src/tools/create-tools.ts';
import type { Services } from '../src/services.ts';
import { client, serveMcp } from './serve-mcp.ts';

serveMcp();

const TOOLS = createTools(
  {} as Services,
  { read: () => Promise.reject(new Error('nobody asks')) },
  async () => {},
  async () => new Map(),
  () => {},
).map(({ name }) => name);
/** Words of a text that look like a tool's name. */
const namedIn = (text: string): string[] =>
  (
    text.match(
      /\b(get|set|explain|preview|execute|approve|reject|close|cancel|pause|halt|flatten|stop|remove)_[a-z_]+/g,
    ) ?? []
  ).filter((name) => name !== 'preview_id');
const textOf = async (name: string, given: Record<string, string> = {}): Promise<string> => {
  const { messages } = await client.getPrompt({ name, arguments: given });
  const [message] = messages;
  return message?.content.type === 'text' ? message.content.text : '';
};

describe('what a person may pick', () => {
  it('is six ways of asking, each of which names tools that there are', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      'morning-brief',
      'review-candidate',
      'why-did-we-trade',
      'why-no-trades',
      'end-of-day',
      'am-i-safe',
    ]);
    for (const { name, arguments: asked = [] } of prompts) {
      const text = await textOf(
        name,
        Object.fromEntries(asked.map((argument) => [argument.name, 'ACME'])),
      );
      expect(namedIn(text).length).toBeGreaterThan(1);
      for (const tool of namedIn(text)) expect(TOOLS).toContain(tool);
      expect(text.includes('ACME')).toBe(asked.length > 0);
    }
    await expect(textOf('review-candidate')).rejects.toMatchObject({ code: -32602 });
  });
  it('is completed from what the desk holds, scanned and did', async () => {
    const complete = async (name: string, value: string, prompt = 'why-did-we-trade') =>
      (
        await client.complete({
          ref: { type: 'ref/prompt', name: prompt },
          argument: { name, value },
        })
      ).completion.values;
    expect(await complete('symbol', 'b', 'review-candidate')).toEqual(['BOLT']);
    expect(await complete('trade', 'ac')).toEqual(['ACME']);
    expect(await complete('trade_date', '2026', 'end-of-day')).toEqual(['2026-03-10']);
  });
});

describe('the instructions', () => {
  it('are one page that names only tools that there are, and says what is never an instruction', () => {
    const text = client.getInstructions()!;
    expect(text.length).toBeLessThan(4500);
    expect(text).toContain('no money moves');
    expect(text).toContain('untrusted');
    expect(namedIn(text).length).toBeGreaterThan(15);
    for (const tool of namedIn(text)) expect(TOOLS).toContain(tool);
  });
});
