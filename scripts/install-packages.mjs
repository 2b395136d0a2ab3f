/** Installs the npm packages that the lock file names, once, however many runs start together. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLock } from './setup-lock.mjs';

/** CATALYST_CHECKOUT names another checkout to make ready; tests use it. */
export const project_root = resolve(
  process.env.CATALYST_CHECKOUT ?? join(dirname(fileURLToPath(import.meta.url)), '..'),
);

/** A fault that the person in front of the terminal can mend; the message says how. */
export class SetupError extends Error {
  constructor(message, exit_code = 1) {
    super(message);
    this.name = 'SetupError';
    this.exit_code = exit_code;
  }
}

const stamp_path = join(project_root, 'node_modules', '.catalyst-stamp');
const lockFileHash = () =>
  createHash('sha256')
    .update(readFileSync(join(project_root, 'package-lock.json')))
    .digest('hex');

const isInstalled = () =>
  existsSync(stamp_path) &&
  readFileSync(stamp_path, 'utf8').trim() === lockFileHash() &&
  existsSync(join(project_root, 'node_modules', '.bin', 'node'));

/** npm as the one that runs us, else the one on the PATH. */
const npmCommand = () => {
  const running = process.env.npm_execpath;
  return running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)
    ? [process.execPath, running]
    : ['npm'];
};

const runNpm = (on_started) =>
  new Promise((resolvePromise, reject) => {
    const [command, ...prefix] = npmCommand();
    const child = spawn(command, [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
      cwd: project_root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) on_started(child.pid);
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) =>
      reject(
        new SetupError(
          `npm could not be started (${error.message}); install Node 20 or newer with npm`,
          78,
        ),
      ),
    );
    child.once('close', (code, signal) =>
      resolvePromise({ code, signal, output: Buffer.concat(output).toString() }),
    );
  });

const checkNode = () => {
  const version = spawnSync(join(project_root, 'node_modules', '.bin', 'node'), ['--version'], {
    encoding: 'utf8',
  });
  if (version.status === 0) return;
  throw new SetupError(
    "the project's own Node (node_modules/.bin/node) is missing, because npm ran without install scripts; allow them (npm config delete ignore-scripts) and run this again",
    78,
  );
};

const install = async (lock) => {
  const started = Date.now();
  process.stderr.write('catalyst: installing packages (npm ci) …');
  const result = await runNpm((pid) => lock.addProcess(pid));
  if (result.code !== 0) {
    process.stderr.write(' failed\n');
    process.stderr.write(result.output);
    throw new SetupError(
      `npm ci failed (${result.signal ?? `exit code ${result.code}`}); its output is above`,
    );
  }
  process.stderr.write(` done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  checkNode();
  writeFileSync(stamp_path, `${lockFileHash()}\n`);
};

/** Brings node_modules to what package-lock.json says; does nothing when it is there already. */
export const installPackages = async ({ say }) => {
  if (isInstalled()) return;
  try {
    accessSync(project_root, constants.W_OK);
  } catch {
    throw new SetupError(
      `${project_root} has no packages installed and may not be written by this user; copy the checkout or install as its owner`,
      78,
    );
  }
  mkdirSync(join(project_root, '.catalyst'), { recursive: true });
  const lock = await acquireLock(join(project_root, '.catalyst', 'setup.lock'), {
    on_wait: (pid) =>
      say(`catalyst: waiting for another run (process ${pid}) that is installing packages`),
  });
  try {
    if (!isInstalled()) await install(lock);
  } finally {
    lock.release();
  }
};
