import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '@catalyst/contracts';
import { compileCache, freePort } from '@catalyst/platform';
import { eventually, type createTestKeys } from '@catalyst/testkit';
import { AT } from './signal-log.ts';

export interface Copy {
  url: string;
  /** Ends as on a deploy. */
  close(): Promise<void>;
  /** Ends at once. */
  kill?(): Promise<void>;
  /** Starts again at the same address. */
  start?(): Promise<void>;
  /** Of its process. */
  pid?(): number;
}

/** A copy of orchestration as a process of its own. */
export const startCopyProcess = async (
  env: Record<string, string>,
  keys: ReturnType<typeof createTestKeys>,
): Promise<Copy> => {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
  const url = `http://127.0.0.1:${port}`;
  const nowhere = Object.fromEntries(
    services.orchestration.depends_on.map((name) => [
      `${name.toUpperCase()}_URL`,
      'http://127.0.0.1:9',
    ]),
  );
  let child: ChildProcess;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  const copy: Required<Copy> = {
    url,
    start: async () => {
      child = spawn(
        process.execPath,
        [join(import.meta.dirname, '../services/orchestration/src/main.ts')],
        {
          env: {
            ...compileCache(),
            PATH: process.env.PATH ?? '',
            ...nowhere,
            PORT: String(port),
            TRADING_MODE: 'replay',
            REPLAY_START_AT: AT,
            SERVICE_KEY: keys.orchestration,
            SERVICE_KEY_HASHES: '{}',
            CATALYST_HOME: home,
            LOG_LEVEL: 'error',
            ...env,
          },
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      await eventually(async () => {
        const { status } = await fetch(`${url}/health/ready`);
        if (status !== 200) throw new Error(`not ready: ${status}`);
      });
    },
    kill: () => end('SIGKILL'),
    pid: () => child.pid!,
    close: async () => {
      await end('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
  await copy.start();
  return copy;
};
