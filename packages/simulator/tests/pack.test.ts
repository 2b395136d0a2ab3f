import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import * as installed from '@catalyst/simulator';
import * as source from '../src/index.ts';
import type { SimulatorFacts } from '../src/index.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const builder = fileURLToPath(new URL('../../../scripts/build-package.mjs', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const npm = ((running): string[] =>
  running !== undefined && basename(running) === 'npm-cli.js'
    ? [process.execPath, running]
    : ['npm'])(process.env.npm_execpath);
/**
 * A shell of a stranger: neither jest's options nor those of the npm that may have started it. The
 * simulator takes it for npm's, so it ends with this process whatever ends that.
 */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      // what is run here lies in another folder each time, and has a compile cache in it
      ([name]) => !/^npm_(?!config_(registry|cache|userconfig))|^NODE_COMPILE_CACHE$/i.test(name),
    ),
  ),
  NODE_OPTIONS: '',
  npm_lifecycle_script: 'catalyst-simulator',
  PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
};

const run = async (command: readonly string[], cwd: string): Promise<string> => {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${command.join(' ')} ended with ${String(code)}\n${output}${errors}`);
  return output;
};

/**
 * What packing could have touched: every file beside src/ and tests/ with its text; dist/ is no
 * part of the checkout.
 */
const checkout = async (): Promise<string[]> => {
  const entries = (await readdir(packageFolder)).filter((name) => !/^dist(\.|$)/.test(name)).sort();
  return [
    entries.join(' '),
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
    await readFile(join(packageFolder, '../../package-lock.json'), 'utf8'),
  ];
};

let folder = '';
let installedFolder = '';
let before: string[] = [];
let afterKill: string[] = [];
/** What a killed build leaves behind. */
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

/** Starts a command that prints the simulator's facts. */
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

/** Starts a command that prints the simulator's facts, asks the clock and ends it. */
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

/** Whether nobody answers at `url`, now or within some seconds. */
const isGone = async (url: string): Promise<boolean> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(`${url}/sim/status`).then(
        () => false,
        () => true,
      )
    )
      return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

const BEGINNING = { is_open: false, timestamp: expect.stringContaining('2026-03-24T09:25:00') };

describe('the packed simulator', () => {
  it('has the built program, the days, the license and the README, and neither sources nor tests', async () => {
    expect((await readdir(installedFolder)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'days',
      'dist',
      'docs',
      'entry.cjs',
      'entry.js',
      'node-version.cjs',
      'package.json',
    ]);
    expect(await readFile(join(installedFolder, 'LICENSE'), 'utf8')).toBe(
      await readFile(join(packageFolder, '../../LICENSE'), 'utf8'),
    );
    const { dependencies } = JSON.parse(
      await readFile(join(installedFolder, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies).filter((name) => name.startsWith('@catalyst/'))).toEqual([]);
  });

  it('has every file that its pages link to, and beside pages and drawings nothing in docs/', async () => {
    expect(
      (await readdir(join(installedFolder, 'docs'))).filter((name) => !/\.(md|svg)$/.test(name)),
    ).toEqual([]);
    const pages = (await readdir(installedFolder, { recursive: true })).filter((name) =>
      name.endsWith('.md'),
    );
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) {
      const links = [
        ...(await readFile(join(installedFolder, page), 'utf8')).matchAll(
          /\]\((?!https?:|#)([^)#]+)[^)]*\)/g,
        ),
      ].map(([, target]) => target!);
      const missing = links.filter(
        (target) => !existsSync(join(installedFolder, dirname(page), target)),
      );
      expect([page, missing]).toEqual([page, []]);
    }
  });

  it('begins the bundled day a few minutes before the open with its own dependencies alone', async () => {
    expect(
      await askClock(
        [
          process.execPath,
          join(installedFolder, 'bin', 'catalyst-simulator.js'),
          '--json',
          '--port',
          '0',
        ],
        folder,
      ),
    ).toMatchObject(BEGINNING);
  });

  it('ends with npx, which sends its SIGTERM to a shell alone', async () => {
    const {
      child,
      facts: { url },
    } = await start(['npx', '--no-install', 'catalyst-simulator', '--json'], folder);
    child.kill('SIGTERM');
    expect(await isGone(url)).toBe(true);
  });

  it('ends with the npm that started it also where that is killed', async () => {
    const shell = `${process.execPath} ${join(installedFolder, 'bin', 'catalyst-simulator.js')} --json; true`;
    const {
      child,
      facts: { url },
    } = await start(['sh', '-c', shell], folder);
    child.kill('SIGKILL');
    expect(await isGone(url)).toBe(true);
  });

  it('starts from JavaScript', async () => {
    const script = join(folder, 'bot.mjs');
    await writeFile(
      script,
      "import { startSimulator, loadDay } from '@catalyst/simulator';\nconst day = await loadDay(process.argv[2]);\nconst simulator = await startSimulator({ day, at: '09:25' });\nconsole.log(JSON.stringify({ url: simulator.url, accounts: simulator.accounts }));\nprocess.once('SIGTERM', () => simulator.close());\n",
    );
    expect(
      await askClock(
        [process.execPath, script, join(installedFolder, 'days', '2026-03-24')],
        folder,
      ),
    ).toMatchObject(BEGINNING);
  });

  it('has types: a wrong option is refused where it stands', async () => {
    const script = join(folder, 'bot.ts');
    await writeFile(
      script,
      "import { startSimulator, type Simulator } from '@catalyst/simulator';\nexport const right = (): Promise<Simulator> => startSimulator({ day: 'a', accounts: 2 });\nexport const wrong = () => startSimulator({ day: 'a', accounts: 'two' });\n",
    );
    // with the libraries' own declarations checked too, and no types but those of Node
    const program = ts.createProgram([script], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      typeRoots: [join(modules, '@types')],
      types: ['node'],
    });
    const faults = ts.getPreEmitDiagnostics(program);
    expect(
      faults.map(({ code, start }) => [
        code,
        program.getSourceFile(script)!.getLineAndCharacterOfPosition(start!).line + 1,
      ]),
    ).toEqual([[2322, 3]]);
  });

  it('leaves the checkout as it was, also where packing was killed', async () => {
    expect([wasLeft, afterKill]).toEqual([true, before]);
    expect(await readdir(packageFolder)).not.toContain(killedFolder);
    expect(await checkout()).toEqual(before);
  });

  (process.env.CATALYST_TEST_DOWNLOADS === '1' ? it : it.skip)(
    'installs with npm in an empty folder',
    async () => {
      const project = await mkdtemp(join(tmpdir(), 'simulator-install-'));
      try {
        await run([...npm, 'init', '-y'], project);
        await run([...npm, 'install', '--no-audit', '--no-fund', await tarball()], project);
        expect(
          await run(['npx', '--no-install', 'catalyst-simulator', '--help'], project),
        ).toContain('--day');
        // without npx, which would end before the program that it started
        expect(
          await askClock(
            [join(project, 'node_modules', '.bin', 'catalyst-simulator'), '--json'],
            project,
          ),
        ).toMatchObject(BEGINNING);
      } finally {
        await rm(project, { recursive: true, force: true });
      }
    },
  );
});

describe('the entry of the package', () => {
  it('names every value that the sources export', () => {
    expect(Object.keys(installed).sort()).toEqual(Object.keys(source).sort());
    expect(Object.entries(installed).filter(([, value]) => value === undefined)).toEqual([]);
    expect(installed.startSimulator).toBe(source.startSimulator);
  });
});
