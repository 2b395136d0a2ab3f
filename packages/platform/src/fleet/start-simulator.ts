import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { formatLine } from '@catalyst/domain';
import { z } from 'zod';
import { checkoutFolder } from '../checkout-folder.ts';
import { PlatformError } from '../platform-error.ts';
import { spawnProgram } from '../processes/spawn-program.ts';
import { stopProcess } from '../processes/stop-process.ts';
import { EXCHANGE, type Timekeeper } from '../rehearsal/timekeeper.ts';

const simulatorAddress = z.object({
  url: z.string(),
  stream_url: z.string(),
  /** Where it takes mail, as smtp://… */
  smtp: z.string(),
  day: z.string(),
  trade_date: z.string(),
  accounts: z
    .array(z.object({ account_number: z.string(), key_id: z.string(), secret_key: z.string() }))
    .min(1),
});
/** Where the simulated exchange, newswire and mail catcher answer. */
export type SimulatorAddress = z.infer<typeof simulatorAddress>;

export type SimulatorOptions = {
  /** The folder of the recorded day to replay. */
  day_dir: string;
  /** Where caught mails are kept as .eml files. */
  mail_dir: string;
  /** More options of the simulator, such as ['--silent-oco-cancels']. */
  args?: readonly string[];
  log_path: string;
  /** A rehearsal's time, which it follows; otherwise it moves when told. */
  timekeeper?: Timekeeper;
  start_timeout_ms?: number;
};

export type RunningSimulator = SimulatorAddress & {
  pid: number;
  stop: () => Promise<void>;
  on_exit: Promise<number | string | null>;
};

const logTail = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';

/** Starts the simulator on free ports; it tells its addresses in one line of JSON. */
export const startSimulator = async ({
  day_dir,
  mail_dir,
  args = [],
  log_path,
  timekeeper,
  start_timeout_ms = 30_000,
}: SimulatorOptions): Promise<RunningSimulator> => {
  mkdirSync(mail_dir, { recursive: true });
  const child = spawnProgram({
    entry: join(checkoutFolder, 'packages', 'simulator', 'src', 'main.ts'),
    args: [
      ...['--json', '--day', day_dir, '--at', '04:00', '--mail-dir', mail_dir],
      ...(timekeeper ? ['--clock', 'line', '--line', formatLine(timekeeper.line())] : []),
      ...args,
    ],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC' },
    log_path,
    pipe_stdout: true,
    cwd: checkoutFolder,
  });
  timekeeper?.join(EXCHANGE, child);
  const on_exit = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  );
  const pid = child.pid;
  if (pid === undefined)
    throw new PlatformError('the simulator could not be started', { exit_code: 1 });
  const stop = async () => {
    timekeeper?.leave(EXCHANGE);
    await stopProcess(pid, [
      { signal: 'SIGTERM', wait_ms: 5_000 },
      { signal: 'SIGKILL', wait_ms: 5_000 },
    ]);
  };
  const lines = createInterface({ input: child.stdout! });
  const first_line = new Promise<string>((resolve) => lines.once('line', resolve));
  const timer = new AbortController();
  const timed_out = new Promise<null>((resolve) => {
    const timeout = setTimeout(resolve, start_timeout_ms, null);
    timer.signal.addEventListener('abort', () => clearTimeout(timeout));
  });
  const line = await Promise.race([first_line, on_exit.then(() => null), timed_out]);
  timer.abort();
  if (line === null) {
    await stop();
    throw new PlatformError(
      `the simulator did not start with the day ${day_dir}:\n${logTail(log_path)}`,
      { exit_code: 1 },
    );
  }
  try {
    return { ...simulatorAddress.parse(JSON.parse(line)), pid, stop, on_exit };
  } catch (error) {
    await stop();
    throw new PlatformError(`the simulator told no address but: ${line}`, {
      exit_code: 1,
      cause: error,
    });
  }
};
