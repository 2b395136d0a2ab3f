import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isRunLocked, takeRunLock } from './run-lock.ts';

test('one process trades with a home; another is refused until that one ends, by kill -9 too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-lock-'));
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { takeRunLock } from ${JSON.stringify(join(import.meta.dirname, 'run-lock.ts'))};
      console.log(takeRunLock(process.argv[1]) !== null);
      setInterval(() => {}, 1e6);`,
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env.PATH } },
  );
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('true\n');
  expect(takeRunLock(folder)).toBeNull();
  expect(isRunLocked(folder)).toBe(true);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(isRunLocked(folder)).toBe(false);
  const lock = takeRunLock(folder);
  expect(lock).not.toBeNull();
  lock!.release();
  expect(takeRunLock(folder)).not.toBeNull();
  rmSync(folder, { recursive: true });
});
