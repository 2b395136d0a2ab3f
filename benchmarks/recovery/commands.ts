import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startInBackground, stopBackground } from '@catalyst/platform';
import type { Watch } from './watch-health.ts';

const main = join(import.meta.dirname, '../../packages/cli/src/main.ts');

const run = async (
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; stderr: string; seconds: number }> => {
  const begun = performance.now();
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr, seconds: (performance.now() - begun) / 1000 };
};

/** Kills the supervisor of a desk in the background: its services end, and `up` brings all back. */
export const measureSupervisor = async (home: string, day_dir: string): Promise<Watch> => {
  const options = { home: join(home, 'background'), mode: 'replay' as const, day_dir };
  const { run: desk } = await startInBackground(options);
  const begun = performance.now();
  process.kill(desk.supervisor.pid, 'SIGKILL');
  const answers = () =>
    Promise.all(
      Object.values(desk.urls!).map((url) =>
        fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1000) }).then(
          () => true,
          () => false,
        ),
      ),
    );
  while ((await answers()).some(Boolean)) await pause(100);
  const seen_s = (performance.now() - begun) / 1000;
  const status = await run(['status'], { CATALYST_HOME: options.home });
  const again = performance.now();
  await startInBackground(options);
  const whole_s = (performance.now() - again) / 1000;
  await stopBackground(options.home);
  return { seen_s, says: `status: ${status.stderr.trim()}`, whole_s };
};

/** Starts a paper desk with keys that the broker does not know. */
export const measureWrongKeys = async (home: string, broker: string): Promise<Watch> => {
  const { code, stderr, seconds } = await run(['up', '--embedded'], {
    CATALYST_HOME: join(home, 'wrong-keys'),
    ALPACA_API_KEY: 'PKAB12CD34EF56GH78IJ',
    ALPACA_SECRET_KEY: 'w'.repeat(40),
    ALPACA_TRADING_URL: broker,
    ALPACA_DATA_URL: broker,
    ALPACA_STREAM_URL: broker.replace('http', 'ws'),
  });
  return { seen_s: seconds, says: `exit ${code}: ${stderr.trim().split('\n').at(-1)}`, whole_s: 0 };
};
