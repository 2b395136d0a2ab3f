import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { SimulatorFacts } from '../../src/index.ts';
import { checkout, modules, packageFolder } from './checkout.ts';
import { environment, npm, run } from './strangers-shell.ts';

const builder = fileURLToPath(new URL('../../../../scripts/build-package.mjs', import.meta.url));

/** The one tarball of all tests of the file, unpacked in a folder with nothing else of the checkout. */
export interface PackedSimulator {
  readonly folder: string;
  readonly installedFolder: string;
  /** The checkout before anything was packed, and after a build that was killed. */
  readonly before: string[];
  readonly afterKill: string[];
  /** What a killed build leaves behind. */
  readonly killedFolder: string;
  readonly wasLeft: boolean;
  tarball(): Promise<string>;
  /** Starts a command that prints the simulator's facts. */
  start(
    command: readonly string[],
    cwd: string,
  ): Promise<{ child: ChildProcess; facts: SimulatorFacts }>;
  /** Starts a command that prints the simulator's facts, asks the clock and ends it. */
  askClock(command: readonly string[], cwd: string): Promise<unknown>;
}

/** Kills a build, packs, and unpacks, before the tests of the file. */
export const testPackedSimulator = (): PackedSimulator => {
  let folder = '';
  let installedFolder = '';
  let before: string[] = [];
  let afterKill: string[] = [];
  let killedFolder = '';
  let wasLeft = false;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    before = await checkout();
    const build = spawn(process.execPath, [builder], {
      cwd: packageFolder,
      env: environment,
      stdio: 'ignore',
    });
    children.push(build);
    killedFolder = `dist.${build.pid!}`;
    while (build.exitCode === null && !(await readdir(packageFolder)).includes(killedFolder))
      await new Promise((resolve) => setTimeout(resolve, 20));
    build.kill('SIGKILL');
    await once(build, 'exit');
    wasLeft = (await readdir(packageFolder)).includes(killedFolder);
    afterKill = await checkout();
    folder = await mkdtemp(join(tmpdir(), 'simulator-pack-'));
    environment.NODE_COMPILE_CACHE = join(folder, 'compiled');
    installedFolder = join(folder, 'node_modules', '@catalyst', 'simulator');
    await mkdir(installedFolder, { recursive: true });
    await run([...npm, 'pack', '--silent', '--pack-destination', folder], packageFolder);
    await run(
      ['tar', '-xzf', await tarball(), '--strip-components=1', '-C', installedFolder],
      folder,
    );
    const { dependencies } = JSON.parse(
      await readFile(join(installedFolder, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    // the tarball's own dependencies and nothing else that this checkout has
    for (const name of Object.keys(dependencies)) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
      await symlink(join(modules, name), join(folder, 'node_modules', name));
    }
    await mkdir(join(folder, 'node_modules', '.bin'));
    const bin = join(installedFolder, 'bin', 'catalyst-simulator.js');
    await chmod(bin, 0o755);
    await symlink(bin, join(folder, 'node_modules', '.bin', 'catalyst-simulator'));
  }, 600_000);
  afterEach(() => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  const tarball = async (): Promise<string> =>
    join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');

  const start = async (
    command: readonly string[],
    cwd: string,
  ): Promise<{ child: ChildProcess; facts: SimulatorFacts }> => {
    const child = spawn(command[0]!, command.slice(1), {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`it ended with ${String(code)}`);
      }),
    ])) as [string];
    return { child, facts: JSON.parse(line) as SimulatorFacts };
  };

  const askClock = async (command: readonly string[], cwd: string): Promise<unknown> => {
    const {
      child,
      facts: { url, accounts },
    } = await start(command, cwd);
    const { key_id: key, secret_key: secret } = accounts[0]!;
    const answer = await fetch(`${url}/v2/clock`, {
      headers: { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': secret },
    });
    const body = await answer.json();
    child.kill('SIGTERM');
    await once(child, 'exit');
    return body;
  };

  return {
    get folder() {
      return folder;
    },
    get installedFolder() {
      return installedFolder;
    },
    get before() {
      return before;
    },
    get afterKill() {
      return afterKill;
    },
    get killedFolder() {
      return killedFolder;
    },
    get wasLeft() {
      return wasLeft;
    },
    tarball,
    start,
    askClock,
  };
};
