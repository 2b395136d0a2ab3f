/**
 * Makes the checkout ready, then runs one of the project's programs with the project's own Node.
 *
 *   node scripts/setup.mjs <catalyst|jest|check|bench|conformance|eval:mcp> [arguments]
 *
 * Plain JavaScript for Node 20 and newer with nothing installed: whatever comes after runs on the
 * Node that the lock file pins (node_modules/.bin/node).
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, project_root, SetupError } from './install-packages.mjs';

const node = join(project_root, 'node_modules', '.bin', 'node');
const inModules = (...parts) => join(project_root, 'node_modules', ...parts);
/**
 * Every program of the project, and what it starts, shares what Node has compiled. Node checks each
 * entry against its file's length and checksum, and goes without where the folder cannot be written.
 * Below node_modules it ends with the checkout, and with packages that are no longer used.
 */
const compile_cache = inModules('.cache', 'compiled');
const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a program on the project's Node with this terminal; resolves to how it ended. */
const run = (args, { env = {}, cwd = project_root, tell_parent_death = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, args, {
      cwd,
      env: {
        NODE_COMPILE_CACHE: compile_cache,
        ...process.env,
        PATH: `${inModules('.bin')}:${process.env.PATH ?? ''}`,
        ...env,
      },
      // The channel closes when this process dies, however it dies: the command then ends its
      // fleet.
      stdio: tell_parent_death ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.removeListener(name, forward);
      resolve({ code, signal });
    });
  });

const endAs = ({ code, signal }) => {
  if (signal !== null) {
    process.kill(process.pid, signal);
    setInterval(() => {}, 1000); // stays until the signal is delivered
  } else process.exit(code ?? 1);
};

const catalyst = (args) =>
  run([join(project_root, 'packages', 'cli', 'src', 'main.ts'), ...args], {
    cwd: process.cwd(),
    tell_parent_death: true,
  });

/** By the folder that a test lies in. */
const levels = {
  unit: '<rootDir>/{packages,services}/*/src/**/*.test.ts',
  service: '<rootDir>/{packages,services}/*/tests/**/*.test.ts',
  fleet: '<rootDir>/tests/*.test.ts',
  live: '<rootDir>/tests/live/**/*.test.ts',
};

/**
 * `--level unit` and paths choose together: the tests of that level below those paths. Desks that run
 * by the clock are left out where nothing names them.
 */
const chooseTests = (args) => {
  const at = args.findIndex((arg) => arg === '--level' || arg.startsWith('--level='));
  // last, since jest takes what follows for more
  if (at === -1)
    return args.some((arg) => arg.includes('tests/live'))
      ? args
      : [...args, '--testPathIgnorePatterns=/tests/live/'];
  const [, level = args[at + 1]] = args[at].split('=');
  if (level === undefined || !Object.hasOwn(levels, level))
    throw new SetupError(
      `there is no level of tests "${level ?? ''}"; there are: ${Object.keys(levels).join(', ')}`,
      2,
    );
  const others = args.toSpliced(at, args[at].includes('=') ? 1 : 2);
  return [...others, `--testMatch=${levels[level]}`];
};

/** Workers take over how this one runs: what is young is collected a third as often. */
const jest = (args) =>
  run([
    '--min-semi-space-size=16',
    '--max-semi-space-size=32',
    inModules('jest', 'bin', 'jest.js'),
    ...chooseTests(args),
  ]);

const timed = async ([name, step]) => {
  const started = Date.now();
  const outcome = await step();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(`check: ${name} ${outcome.code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return outcome;
};

/** What needs no running program, two at a time, and then the tests. */
const check = async (args) => {
  // the longest first
  const steps = [
    ['types', () => run([inModules('typescript-native', 'bin', 'tsc'), '-p', '.'])],
    [
      "the page's types",
      () =>
        run([
          inModules('typescript-native', 'bin', 'tsc'),
          '-p',
          'services/orchestration/app',
          '--noEmit',
        ]),
    ],
    ['lint', () => run([inModules('eslint', 'bin', 'eslint.js'), '.'])],
    [
      'format',
      () => run([inModules('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.']),
    ],
    [
      'circles',
      () =>
        run([
          inModules('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
          '--output-type=err',
          ...['packages', 'services', 'tests', 'benchmarks', 'nginx', 'scripts'],
        ]),
    ],
    ['dead code', () => run([inModules('knip', 'bin', 'knip.js'), '--no-config-hints'])],
    ['lock file', () => run([fileURLToPath(new URL('./complete-lock.mjs', import.meta.url))])],
  ];
  const outcomes = [];
  const takeSteps = async () => {
    for (let step; (step = steps.shift()) !== undefined;) outcomes.push(await timed(step));
  };
  await Promise.all([takeSteps(), takeSteps()]);
  const failed = outcomes.find(({ code }) => code !== 0);
  // CI runs the tests as a step of its own right after, and need not run them twice.
  if (failed !== undefined || process.env.CATALYST_CHECK_SKIP_TESTS === '1')
    return failed ?? outcomes[0];
  return timed(['tests', () => jest(args)]);
};

const bench = async ([name, ...args]) => {
  const folder = join(project_root, 'benchmarks');
  const entryOf = (entry) =>
    entry.endsWith('.ts')
      ? join(folder, entry)
      : [join(folder, entry, 'main.ts'), join(folder, `${entry}.ts`)].find((path) =>
          existsSync(path),
        );
  const all = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .filter(
          (entry) =>
            !entry.endsWith('.test.ts') &&
            entryOf(entry) !== undefined &&
            (entry.endsWith('.ts') || existsSync(join(folder, entry, 'main.ts'))),
        )
    : [];
  const named = name === undefined || name.startsWith('-') ? undefined : name;
  const wanted = named === undefined ? all : [named];
  if (named !== undefined && entryOf(named) === undefined) {
    throw new SetupError(
      `there is no benchmark "${named}"; there are: ${all.map((entry) => entry.replace(/\.ts$/, '')).join(', ') || 'none'}`,
      2,
    );
  }
  const rest = named === undefined && name !== undefined ? [name, ...args] : args;
  let outcome = { code: 0, signal: null };
  for (const entry of wanted) {
    const result = await run([entryOf(entry), ...rest]);
    if (result.code !== 0) outcome = result;
    if (result.signal !== null) return result;
  }
  return outcome;
};

/** The protocol's own suite against the transport of MCP. */
const conformance = () =>
  run([join(project_root, 'services', 'orchestration', 'tests', 'conformance', 'main.ts')]);

/** Sixty questions to a real model: which of the desk's tools does it call? */
const evalMcp = (args) =>
  run([join(project_root, 'services', 'orchestration', 'eval', 'main.ts'), ...args]);

const programs = { catalyst, jest, check, bench, conformance, 'eval:mcp': evalMcp };

const main = async () => {
  const [verb, ...args] = process.argv.slice(2);
  const program = Object.hasOwn(programs, verb ?? '') ? programs[verb] : undefined;
  if (program === undefined) {
    throw new SetupError(
      `usage: node scripts/setup.mjs <${Object.keys(programs).join('|')}> [arguments]`,
      2,
    );
  }
  await installPackages({ say });
  endAs(await program(args));
};

main().catch((error) => {
  say(error instanceof SetupError ? `catalyst: ${error.message}` : String(error?.stack ?? error));
  process.exit(error instanceof SetupError ? error.exit_code : 1);
});
