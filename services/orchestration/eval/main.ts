import { parseArgs } from 'node:util';
import axios from 'axios';
import { instructions } from '../src/prompts/instructions.ts';
import type { Services } from '../src/services.ts';
import { createTools } from '../src/tools/create-tools.ts';
import { listedSchema } from '../src/tools/listed-schema.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** Asks a real model each question once and prints which tool it called; it reaches no desk. */
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    url: { type: 'string', default: 'https://api.anthropic.com/v1/messages' },
  },
});
const key = process.env.ANTHROPIC_API_KEY;
if (!key || !values.model) {
  process.stderr.write(
    'usage: ANTHROPIC_API_KEY=… npm run eval:mcp -- --model NAME\nSome sixty questions are sent to that model at your cost; nothing is traded.\n',
  );
  process.exit(2);
}

const tools = createTools(
  {} as Services,
  { read: () => Promise.reject(new Error('nobody asks')) },
  async () => {},
  async () => new Map(),
  () => {},
)
  .filter(({ is_extra }) => !is_extra)
  .map(({ name, description, input }) => ({
    name,
    description,
    input_schema: listedSchema(input),
  }));

interface Call {
  name: string;
  input: Record<string, unknown>;
}
const firstCall = async ({ asked }: Question): Promise<Call | null> => {
  const { data } = await axios.post<{ content: ({ type: string } & Call)[] }>(
    values.url,
    {
      model: values.model,
      max_tokens: 1024,
      system: instructions('replay'),
      tools,
      messages: [{ role: 'user', content: asked }],
    },
    { headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' }, timeout: 120_000 },
  );
  return data.content.find(({ type }) => type === 'tool_use') ?? null;
};

/** What was wrong with a call; null where nothing was. */
const fault = ({ tools: right, given = {}, never = [] }: Question, call: Call | null) => {
  if (call === null) return 'no tool';
  if (never.includes(call.name)) return 'ACTED UNASKED';
  if (!right.includes(call.name)) return 'another tool';
  if (call.name !== right[0]) return null;
  const wrong = Object.entries(given).find(
    ([name, value]) => String(call.input[name]).toLowerCase() !== String(value).toLowerCase(),
  );
  return wrong ? `${wrong[0]} is ${String(call.input[wrong[0]])}` : null;
};

let right = 0;
for (const question of QUESTIONS) {
  const call = await firstCall(question);
  const wrong = fault(question, call);
  if (wrong === null) right += 1;
  process.stdout.write(
    `${wrong === null ? 'right' : 'WRONG'} | ${question.asked} | ${call?.name ?? '-'} ${JSON.stringify(call?.input ?? {})} | ${wrong ?? ''}\n`,
  );
}
process.stdout.write(`${right} of ${QUESTIONS.length} right, ${values.model}\n`);
