import { describe, expect, it } from '@jest/globals';
import { QUESTIONS } from '../eval/questions.ts';
import { rankTools } from '../eval/rank-tools.ts';
import { envelope } from '../src/domain/envelope.ts';
import type { Services } from '../src/services.ts';
import { createTools } from '../src/tools/create-tools.ts';
import { listedOutput, listedSchema } from '../src/tools/listed-schema.ts';

const TOOLS = createTools(
  {} as Services,
  { read: () => Promise.reject(new Error('nobody asks')) },
  async () => {},
  async () => new Map(),
  () => {},
);
const LISTED = TOOLS.filter(({ is_extra }) => !is_extra);

describe('the descriptions of the tools', () => {
  it('are asked questions, each once, which need tools and arguments that there are', () => {
    expect(QUESTIONS.length).toBeGreaterThanOrEqual(64);
    expect(new Set(QUESTIONS.map(({ asked }) => asked)).size).toBe(QUESTIONS.length);
    for (const { asked, tools, facts, given = {} } of QUESTIONS)
      for (const name of tools) {
        const tool = TOOLS.find((one) => one.name === name);
        expect([asked, name, tool?.name]).toEqual([asked, name, name]);
        // the arguments and the facts are those of the usual tool
        if (name !== tools[0]) continue;
        const schema = JSON.stringify(listedOutput(tool!.output, envelope));
        for (const fact of facts)
          expect([asked, schema]).toEqual([asked, expect.stringContaining(`"${fact}"`)]);
        const taken = Object.keys((listedSchema(tool!.input) as { properties: object }).properties);
        expect([asked, taken]).toEqual([asked, expect.arrayContaining(Object.keys(given))]);
      }
    // each tool that is listed is the right one for some question
    const needed = new Set(QUESTIONS.flatMap(({ tools }) => tools));
    expect(
      LISTED.map(({ name }) => name).filter(
        (name) => !needed.has(name) && !['start_trading_session', 'remove_watch'].includes(name),
      ),
    ).toEqual([]);
  });
  it('lead to a right tool among the first three by their words alone', () => {
    const missed = QUESTIONS.flatMap(({ asked, tools }) => {
      const first = rankTools(LISTED, asked).slice(0, 3);
      return first.some((name) => tools.includes(name)) ? [] : [{ asked, tools, first }];
    });
    expect(missed).toEqual([]);
  });
});
