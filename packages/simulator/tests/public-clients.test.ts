import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { startSimulator } from '../src/index.ts';

const room = fileURLToPath(new URL('..', import.meta.url));
const clients = join(room, 'tests', 'clients');

const run = async (
  command: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> => {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}\n${output}${errors}`);
  return output;
};

/** What a client's script prints last, on a simulator of its own. */
const tryClient = async (
  command: readonly string[],
  cwd: string,
  tls = false,
): Promise<string | undefined> => {
  const simulator = await startSimulator({ at: '09:31', tls });
  const { key_id: key, secret_key: secret } = simulator.accounts[0]!;
  const trusted: Record<string, string> =
    simulator.certificate === null ? {} : { NODE_EXTRA_CA_CERTS: simulator.certificate };
  try {
    const printed = await run([...command, simulator.url, key, secret], cwd, trusted);
    return printed.trim().split('\n').at(-1);
  } finally {
    await simulator.close();
  }
};

/** The rows of the README's table: who, how, and the file that tries it. */
const rows = async (): Promise<{ how: string[]; file: string }[]> => {
  const [, table = ''] =
    /<!-- clients -->\n([\s\S]*?)<!-- \/clients -->/.exec(
      await readFile(join(room, 'README.md'), 'utf8'),
    ) ?? [];
  return table
    .split('\n')
    .slice(2)
    .filter((line) => line.startsWith('|'))
    .map((line) => {
      const [, how = '', tried = ''] = line.split(' | ');
      return {
        how: [...how.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
        file: /`(tests\/[^`]+)`/.exec(tried)?.[1] ?? '',
      };
    });
};

describe("the README's table of public clients", () => {
  it('has in each row what the file says that tries it', async () => {
    const listed = (await rows()).filter(({ file }) => file !== '');
    expect(listed.length).toBeGreaterThan(5);
    for (const { how, file } of listed) {
      const script = await readFile(join(room, file), 'utf8');
      const missing = how.filter((code) => code.includes('(') && !script.includes(code));
      expect([file, missing]).toEqual([file, []]);
    }
  });
});

/** Whether a runtime of this machine has a client; where it has not, its row is left out here. */
const has = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
const when = (isThere: boolean) => (isThere ? it : it.skip);
const downloads = process.env.CATALYST_TEST_DOWNLOADS === '1';

/** Installs a client from the registry into a folder of its own and tries it there. */
const tryPackage = async (packed: string, script: string, tls: boolean) => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-client-'));
  try {
    await run(
      ['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, packed],
      folder,
    );
    const copied = join(folder, basename(script));
    await copyFile(join(clients, script), copied);
    return await tryClient([process.execPath, copied], folder, tls);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe('a public client, pointed here as the README says,', () => {
  when(downloads)('works: @alpacahq/alpaca-trade-api 3', async () => {
    expect(await tryPackage('@alpacahq/alpaca-trade-api@3.1.3', 'js-3.cjs', true)).toBe(
      'actions bar fill',
    );
  });
  when(downloads)('works: @master-chief/alpaca', async () => {
    expect(await tryPackage('@master-chief/alpaca@6.3.20', 'master-chief.mjs', false)).toBe(
      'account bar fill',
    );
  });
  when(has('python3', '-c', 'import alpaca.trading.stream'))('works: alpaca-py', async () => {
    expect(await tryClient(['python3', 'alpaca_py.py'], clients)).toBe('bar fill latest');
  });
  when(has('python3', '-c', 'import alpaca_trade_api.stream'))(
    'works: alpaca-trade-api of Python',
    async () => {
      expect(await tryClient(['python3', 'alpaca_trade_api.py'], clients)).toBe('bar fill');
    },
  );
  when(has('go', 'list', 'github.com/alpacahq/alpaca-trade-api-go/v3/alpaca'))(
    'works: alpaca-trade-api-go',
    async () => {
      expect(await tryClient(['go', 'run', 'main.go'], clients)).toBe('bar fill');
    },
  );
});
