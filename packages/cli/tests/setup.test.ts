import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const setup = new URL('../../../scripts/setup.mjs', import.meta.url).pathname;

/**
 * A checkout with an npm of the test's own on the PATH: it counts its runs, takes a moment, and
 * "installs" a Node and a command that prints its arguments.
 */
let checkout: string;
let bin: string;
const npmThat = (does: string) =>
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho "$@" >> "${checkout}/npm-runs"\n${does}\n`, {
    mode: 0o755,
  });
const installs = () =>
  `sleep 0.4\nmkdir -p node_modules/.bin && ln -sf "${process.execPath}" node_modules/.bin/node`;
const runs = () =>
  existsSync(join(checkout, 'npm-runs'))
    ? readFileSync(join(checkout, 'npm-runs'), 'utf8').trim().split('\n')
    : [];
/** A jest that prints its arguments. */
const jestThatTells = () => {
  const jest = join(checkout, 'node_modules', 'jest', 'bin');
  mkdirSync(jest, { recursive: true });
  writeFileSync(join(jest, 'jest.js'), 'console.log(process.argv.slice(2).join(" "));');
};
const environment = () => ({
  CATALYST_CHECKOUT: checkout,
  PATH: `${bin}:${process.env.PATH}`,
  NODE_ENV: 'production',
  NODE_COMPILE_CACHE: undefined,
});
const run = (...args: string[]) =>
  runProgram(process.execPath, [setup, ...args], { env: environment() });

beforeEach(() => {
  checkout = mkdtempSync(join(folder.path, 'checkout-'));
  bin = join(checkout, 'bin');
  mkdirSync(bin);
  mkdirSync(join(checkout, 'packages', 'cli', 'src'), { recursive: true });
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  writeFileSync(
    join(checkout, 'packages', 'cli', 'src', 'main.ts'),
    'console.log(process.argv.slice(2).join(" ")); process.exit(process.argv.length);',
  );
  npmThat(installs());
});

describe('the set-up of a checkout', () => {
  it('installs once, development packages too, says so in one line, and passes arguments and exit code through', async () => {
    const first = await run('catalyst', 'demo', '--json');
    expect(first).toEqual({
      code: 4,
      stdout: 'demo --json\n',
      stderr: expect.stringMatching(
        /^catalyst: installing packages \(npm ci\) … done in \d+\.\d s\n$/,
      ),
    });
    const second = await run('catalyst', 'x');
    expect(second).toEqual({ code: 3, stdout: 'x\n', stderr: '' });
    expect(runs()).toEqual(['ci --include=dev --no-audit --no-fund']);
  });

  it('installs again when the lock file has changed', async () => {
    await run('catalyst');
    writeFileSync(join(checkout, 'package-lock.json'), '{ "changed": true }');
    await run('catalyst');
    expect(runs()).toHaveLength(2);
  });

  it('lets a second run wait for the first instead of installing beside it', async () => {
    const [one, two] = await Promise.all([run('catalyst', 'one'), run('catalyst', 'two')]);
    expect([one.stdout, two.stdout]).toEqual(['one\n', 'two\n']);
    expect(runs()).toHaveLength(1);
    expect(one.stderr + two.stderr).toMatch(/waiting for another run \(process \d+\)/);
  });

  it('is not held up by a run that was killed with -9, and waits for the npm which that one left', async () => {
    const killed = spawn(process.execPath, [setup, 'catalyst'], {
      env: environment(),
      stdio: 'ignore',
    });
    while (runs().length === 0) await pause(10);
    killed.kill('SIGKILL');
    const next = await run('catalyst', 'next');
    expect(next.stdout).toBe('next\n');
    expect(runs()).toHaveLength(2);
    expect(existsSync(join(checkout, '.catalyst', 'setup.lock'))).toBe(false);
  });

  it('says in one line what to do where npm ran without install scripts', async () => {
    npmThat('mkdir -p node_modules/.bin');
    const { code, stderr } = await run('catalyst');
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /node_modules\/\.bin\/node\) is missing, because npm ran without install scripts/,
    );
  });

  it('shows what npm said only when npm failed', async () => {
    npmThat('echo "no such registry" >&2; exit 7');
    const { code, stderr } = await run('catalyst');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no such registry[\s\S]*npm ci failed \(exit code 7\)/);
    rmSync(join(bin, 'npm'));
  });

  it('ends with 2 and its usage when it is told nothing it knows', async () => {
    expect(await run('demo')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/usage: .*<catalyst\|jest\|check\|bench\|/),
    });
  });

  it('keeps what Node compiled for the next run, and runs a changed file as it is now', async () => {
    const main = join(checkout, 'packages', 'cli', 'src', 'main.ts');
    writeFileSync(main, 'const word: string = "one"; console.log(word);');
    expect((await run('catalyst')).stdout).toBe('one\n');
    expect(readdirSync(join(checkout, 'node_modules', '.cache', 'compiled'))).not.toEqual([]);
    expect((await run('catalyst')).stdout).toBe('one\n');
    const { atime, mtime } = statSync(main);
    writeFileSync(main, 'const word: string = "two"; console.log(word);');
    utimesSync(main, atime, mtime);
    expect((await run('catalyst')).stdout).toBe('two\n');
  });

  it('chooses tests by level and path together, and names the levels where it is told another', async () => {
    jestThatTells();
    const services = '<rootDir>/{packages,services}/*/tests/**/*.test.ts';
    for (const args of [['--level', 'service'], ['--level=service']])
      expect((await run('jest', ...args, 'services/risk', '--json')).stdout).toBe(
        `services/risk --json --testMatch=${services}\n`,
      );
    for (const [args, named] of [
      [['--level', 'e2e'], 'e2e'],
      [['--level'], ''],
    ] as const)
      expect(await run('jest', ...args)).toEqual({
        code: 2,
        stdout: '',
        stderr: `catalyst: there is no level of tests "${named}"; there are: unit, service, fleet, live\n`,
      });
  });

  it('leaves out the desks that run by the clock where neither a level nor a path names them', async () => {
    jestThatTells();
    const left_out = '--testPathIgnorePatterns=/tests/live/';
    expect((await run('jest')).stdout).toBe(`${left_out}\n`);
    expect((await run('jest', 'services/risk')).stdout).toBe(`services/risk ${left_out}\n`);
    for (const named of ['tests/live', 'tests/live/rehearsals.test.ts'])
      expect((await run('jest', named)).stdout).toBe(`${named}\n`);
    expect((await run('jest', '--level', 'live')).stdout).toBe(
      '--testMatch=<rootDir>/tests/live/**/*.test.ts\n',
    );
  });

  it('passes a signal on to the program and ends by it', async () => {
    await run('catalyst');
    writeFileSync(
      join(checkout, 'packages', 'cli', 'src', 'main.ts'),
      'console.log("up"); setInterval(() => {}, 1000);',
    );
    const child = spawn(process.execPath, [setup, 'catalyst'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))).toBe(
      'SIGTERM',
    );
  });
});
