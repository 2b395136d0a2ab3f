import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const room = fileURLToPath(new URL('..', import.meta.url));

/** The README's blocks in a language, in order. */
const readExamples = async (language: string): Promise<string[]> => {
  const readme = await readFile(`${room}/README.md`, 'utf8');
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, code]) => code!,
  );
};

interface Outcome {
  exit: number | null;
  printed: string;
  errors: string;
}

const runNode = async (args: readonly string[]): Promise<Outcome> => {
  const child = spawn(process.execPath, args, {
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
const runModule = (code: string): Promise<Outcome> =>
  runNode(['--input-type=module', '--eval', code]);

describe("the README's examples", () => {
  it("buys with Alpaca's own client, steps a minute and sees the fill, as written", async () => {
    const [first] = await readExamples('js');
    expect(await runModule(first!)).toEqual({
      exit: 0,
      printed: expect.stringMatching(/^filled at \d+(\.\d+)?\n$/),
      errors: '',
    });
  });

  it('has five lines between its imports and its end', async () => {
    const [first] = await readExamples('js');
    const lines = first!
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('import '));
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('await simulator.close();');
  });

  it('wait for a fill on the stream, as written', async () => {
    const [, second] = await readExamples('js');
    expect(await runModule(second!)).toEqual({
      exit: 0,
      printed: expect.stringMatching(/^pending_new \nnew \nfill \d+(\.\d+)?\n$/),
      errors: '',
    });
  });

  it('serve another wire, as written', async () => {
    const [, , third] = await readExamples('js');
    const asked = `${third}
const answer = await fetch(\`\${simulator.url}/v2/everything\`);
console.log(answer.status, (await answer.json()).status);
await simulator.close();`;
    expect(await runModule(asked)).toEqual({ exit: 0, printed: '200 ok\n', errors: '' });
  });

  it('begin with faults, as written', async () => {
    const [yaml] = await readExamples('yaml');
    const folder = await mkdtemp(join(tmpdir(), 'simulator-readme-'));
    try {
      const file = join(folder, 'faults.yaml');
      await writeFile(file, yaml!);
      const child = spawn(
        process.execPath,
        [join(room, 'src', 'main.ts'), '--json', '--faults', file],
        { env: { ...process.env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      const started = once(child.stdout, 'data');
      const [line] = (await Promise.race([
        started,
        once(child, 'close').then(() => [Buffer.from(JSON.stringify({ errors }))]),
      ])) as [Buffer];
      const { url } = JSON.parse(line.toString()) as { url: string };
      const listed = (await (await fetch(`${url}/sim/faults`)).json()) as unknown[];
      child.kill('SIGTERM');
      await once(child, 'close');
      expect([listed.length, errors]).toEqual([3, '']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the package', () => {
  const start = `startSimulator({ at: '10:00' }).then(async (simulator) => {
  console.log(simulator.trade_date);
  await simulator.close();
});`;

  it('can be required by a CommonJS program', async () => {
    const code = `const { startSimulator } = require('@catalyst/simulator');\n${start}`;
    expect(await runNode(['--input-type=commonjs', '--eval', code])).toEqual({
      exit: 0,
      printed: '2026-03-24\n',
      errors: '',
    });
  });

  it.each([
    ['require', "const { startSimulator } = require('@catalyst/simulator');"],
    ['import', "import('@catalyst/simulator').catch((error) => { throw error; });"],
  ])('says in one sentence that Node 20 is too old, by %s', async (_how, load) => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });";
    const { exit, errors } = await runNode(['--input-type=commonjs', '--eval', `${old}\n${load}`]);
    expect(exit).toBe(1);
    expect(errors).toContain(
      'Error: @catalyst/simulator needs Node 22.12 or later, this is 20.20.2',
    );
    expect(errors).not.toContain('TypeError');
  });

  it('calls itself what its command is called', async () => {
    const { printed } = await runNode([join(room, 'src', 'main.ts'), '--help']);
    expect(printed).toMatch(/^Usage: catalyst-simulator \[options\]/);
    expect(printed).toContain('--tls');
  });
});

describe('the program with TLS', () => {
  it('prints its certificate and the line that makes Node trust it, and that line works', async () => {
    const child = spawn(process.execPath, [join(room, 'src', 'main.ts'), '--tls'], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const lines = text.toString();
    const [, path] = /export NODE_EXTRA_CA_CERTS=(\S+)/.exec(lines) ?? [];
    const [, url] = /export APCA_API_BASE_URL=(https:\S+)/.exec(lines) ?? [];
    const asker = spawn(
      process.execPath,
      ['--eval', `fetch('${url}/sim/status').then(({ status }) => console.log(status))`],
      {
        env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: path },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [status] = (await once(asker.stdout, 'data')) as [Buffer];
    expect(status.toString()).toBe('200\n');
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});
