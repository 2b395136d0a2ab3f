import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from '@catalyst/platform';

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** Runs a program to its end, with its output. */
export const runProgram = (
  command: string,
  args: string[],
  { env = {}, cwd }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...compileCache(), PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

export const temporaryFolder = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'catalyst-cli-'));
  // as root the database server runs as nobody, who must be able to pass through
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const main = new URL('../src/main.ts', import.meta.url).pathname;

/** Runs the command as a person would, with a home of its own. */
export const runCatalyst = (
  args: string[],
  { home, env = {}, cwd }: { home: string; env?: NodeJS.ProcessEnv; cwd?: string },
): Promise<Outcome> =>
  runProgram(process.execPath, [main, ...args], {
    env: { CATALYST_HOME: home, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
