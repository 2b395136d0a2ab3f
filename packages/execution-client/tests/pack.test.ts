import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeInvitation } from '@catalyst/contracts';
import { startSimulator } from '@catalyst/simulator';
import * as source from '../src/index.ts';
import { startSmallDesk, type SmallDesk } from './small-desk.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const checkoutFolder = fileURLToPath(new URL('../../..', import.meta.url));
const running = process.env.npm_execpath;
const npm =
  running !== undefined && basename(running) === 'npm-cli.js'
    ? [process.execPath, running]
    : ['npm'];
/** A shell of a stranger: nothing of jest's or of the npm that may have started it. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?!config_(registry|cache|userconfig))|^NODE_COMPILE_CACHE$/i.test(name),
    ),
  ),
  NODE_OPTIONS: '',
  PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
};

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}
const run = async (command: readonly string[], cwd: string): Promise<Ended> => {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
};

let folder = '';
let dependencies: Record<string, string> = {};
let desk: SmallDesk | undefined;
let simulator: Awaited<ReturnType<typeof startSimulator>> | undefined;
const client = (...args: string[]): Promise<Ended> =>
  run(
    [
      process.execPath,
      join(folder, 'node_modules/@catalyst/execution-client/bin/catalyst-client.js'),
      '--home',
      join(folder, 'home'),
      ...args,
    ],
    folder,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-pack-'));
  environment.NODE_COMPILE_CACHE = join(folder, 'compiled');
  const installed = join(folder, 'node_modules', '@catalyst', 'execution-client');
  await mkdir(installed, { recursive: true });
  const pack = [...npm, 'pack', '--silent', '--pack-destination', folder];
  expect(await run(pack, packageFolder)).toMatchObject({ code: 0, errors: '' });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!;
  await run(['tar', '-xzf', tarball, '--strip-components=1', '-C', installed], folder);
  ({ dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  });
  // the tarball's own dependencies and nothing else that this checkout has
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
    await symlink(join(checkoutFolder, 'node_modules', name), join(folder, 'node_modules', name));
  }
  desk = await startSmallDesk();
  simulator = await startSimulator({ at: '10:30' });
}, 600_000);
afterAll(async () => {
  await desk?.close();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the packed client in an empty folder', () => {
  test('needs no database, no web server and no Redis, by any dependency of a dependency', async () => {
    const { packages } = JSON.parse(
      await readFile(join(checkoutFolder, 'package-lock.json'), 'utf8'),
    ) as { packages: Record<string, { dependencies?: Record<string, string> }> };
    const reached = new Set<string>();
    const reach = (name: string, from: string): void => {
      const place = [`${from}/node_modules/${name}`, `node_modules/${name}`].find(
        (path) => path in packages,
      );
      if (place === undefined || reached.has(place)) return;
      reached.add(place);
      for (const next of Object.keys(packages[place]!.dependencies ?? {})) reach(next, place);
    };
    for (const name of Object.keys(dependencies)) reach(name, 'packages/execution-client');
    const names = [...reached].map((place) => place.split('node_modules/').at(-1));
    expect(names).toContain('ws');
    expect(names.filter((name) => /^(pg|express|ioredis|axios|nodemailer)$/.test(name!))).toEqual(
      [],
    );
  });

  test('says what it can, and what is missing where nobody has joined', async () => {
    expect(await client('--help')).toMatchObject({
      code: 0,
      output: expect.stringContaining('join'),
    });
    expect(await client('status')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('join first'),
    });
    expect(await client('fly')).toMatchObject({ code: 2 });
  });

  test('says in a sentence what is wrong with what it is given, and saves nothing', async () => {
    const { key_id, secret_key } = simulator!.accounts[0]!;
    await writeFile(join(folder, 'keys.json'), JSON.stringify({ key_id, secret_key }));
    const nobody = writeInvitation({
      address: 'http://127.0.0.1:9',
      code: 'a'.repeat(32),
      pin: null,
    });
    const keys = ['--broker-keys', 'keys.json', '--simulated-broker', simulator!.url];
    const sentence = (words: string) =>
      expect.stringMatching(new RegExp(`(^|\\n)[^\\n]*${words}[^\\n]*\\n$`));
    for (const [words, ...args] of [
      ['this is no invitation', desk!.invitation().slice(0, 40)],
      ['nobody can be asked here', desk!.invitation()],
      ['there is no file nowhere', desk!.invitation(), ...keys, '--passphrase-file', 'nowhere'],
      ['http://127.0.0.1:9 cannot be reached', nobody, ...keys],
      [
        'look whether this machine reaches http://127.0.0.1:9',
        ...[desk!.invitation(), '--broker-keys', 'keys.json'],
        ...['--simulated-broker', 'http://127.0.0.1:9'],
      ],
    ] as const)
      expect(await client('join', ...args)).toMatchObject({ code: 1, errors: sentence(words) });
    expect(await client('status')).toMatchObject({ code: 1 });
  }, 60_000);

  test('joins with an invitation, keeps its files for its owner alone, and begins in the dry run', async () => {
    const { key_id, secret_key } = simulator!.accounts[0]!;
    await writeFile(join(folder, 'passphrase'), 'correct horse\n');
    const joined = await client(
      '--json',
      ...['join', desk!.invitation()],
      ...['--broker-keys', 'keys.json', '--passphrase-file', 'passphrase'],
      ...['--simulated-broker', simulator!.url],
    );
    expect(joined).toMatchObject({ code: 0 });
    expect(JSON.parse(joined.output)).toMatchObject({ name: 'friend', is_trading: false });
    for (const name of ['profile.json', 'broker-keys.json', 'limits.json'])
      expect((await stat(join(folder, 'home', name))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'home', 'broker-keys.json'), 'utf8')).not.toContain(
      secret_key,
    );
    expect(JSON.stringify([desk!.joins, desk!.received])).not.toContain(key_id);
    const status = await client('--json', 'status');
    expect(JSON.parse(status.output)).toMatchObject({ is_trading: false, trades: [] });
    expect(await client('trade', 'on', '--account', 'another')).toMatchObject({ code: 1 });
  });

  test('joins again by another invitation of its desk: a new key, and all else as it was', async () => {
    const home = (name: string) => readFile(join(folder, 'home', name), 'utf8');
    const kept = ['broker-keys.json', 'limits.json'];
    const before = await Promise.all(kept.map(home));
    const { key, ...rest } = JSON.parse(await home('profile.json')) as { key: string };
    const again = await client('--json', 'join', desk!.invitation());
    expect(again).toMatchObject({ code: 0 });
    expect(JSON.parse(again.output)).toMatchObject({ name: 'friend', is_renewed: true });
    const after = JSON.parse(await home('profile.json')) as { key: string };
    expect(after).toEqual({ ...rest, key: expect.any(String), client_id: expect.any(String) });
    expect(after.key).not.toBe(key);
    expect(await Promise.all(kept.map(home))).toEqual(before);
    const another = { address: 'http://127.0.0.1:9', code: 'a'.repeat(32), pin: null };
    expect(await client('join', writeInvitation(another))).toMatchObject({
      code: 1,
      errors: expect.stringContaining('has joined another desk'),
    });
  });

  test('is a library with what its sources export', async () => {
    const listed = await run(
      [
        process.execPath,
        '--input-type=module',
        '-e',
        "console.log(Object.keys(await import('@catalyst/execution-client')).sort().join(' '))",
      ],
      folder,
    );
    expect(listed.output.trim()).toBe(Object.keys(source).sort().join(' '));
  });
});
