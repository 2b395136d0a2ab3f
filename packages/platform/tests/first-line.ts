import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { compileCache } from '../src/processes/compile-cache.ts';

/** Runs a test program and answers its first line of output. */
export const startAndReadLine = async (
  program: URL,
  args: string[],
): Promise<{ child: ChildProcess; line: string }> => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program.pathname, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...compileCache(), PATH: process.env.PATH },
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) =>
      reject(new Error(`${program.pathname} ended with ${code} before it said anything`)),
    );
  });
  return { child, line };
};
