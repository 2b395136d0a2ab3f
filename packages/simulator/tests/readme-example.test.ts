import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const room = fileURLToPath(new URL('..', import.meta.url));

const readExample = async (): Promise<string> => {
  const [, code] = /```js\n([\s\S]*?)```/.exec(await readFile(`${room}/README.md`, 'utf8')) ?? [];
  if (code === undefined) throw new Error('README.md has no example in JavaScript');
  return code;
};

const run = async (
  code: string,
): Promise<{ exit: number | null; printed: string; errors: string }> => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: room,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, printed, errors };
};

describe("the README's example", () => {
  it("buys with Alpaca's own client, steps a minute and sees the fill, as written", async () => {
    const outcome = await run(await readExample());
    expect(outcome).toEqual({
      exit: 0,
      printed: expect.stringMatching(/^filled at \d+(\.\d+)?\n$/),
      errors: '',
    });
  });

  it('has five lines between its imports and its end', async () => {
    const lines = (await readExample())
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('import '));
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('await simulator.close();');
  });
});
