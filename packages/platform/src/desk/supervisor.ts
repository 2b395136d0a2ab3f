/**
 * Keeps a desk running in the background: starts it, restarts what crashes, ends it on SIGTERM.
 * Started detached by `startInBackground`: node supervisor.ts <options as JSON>
 */
import { once } from 'node:events';
import { createLineWriter } from '@catalyst/runtime/log-lines';
import { homeFolder } from './home-folder.ts';
import { PlatformError } from '../platform-error.ts';
import { identifyProcess } from '../processes/process-identity.ts';
import { removeRunFile, writeRunFile, type RunFile } from './run-file.ts';
import { startDesk, type DeskOptions } from './start-desk.ts';

/** What the supervisor tells the command that started it. */
export type SupervisorMessage =
  | { kind: 'progress'; line: string }
  | { kind: 'ready' }
  | { kind: 'failed'; message: string; exit_code: number };

type Options = Pick<
  DeskOptions,
  'home' | 'mode' | 'day_dir' | 'fixed_ports' | 'log_level' | 'services'
>;

const tell = (message: SupervisorMessage): void => {
  if (process.connected) process.send?.(message, () => undefined); // the command may have been ended meanwhile
};
const logLine = (event: string, details: object): string =>
  JSON.stringify({ at: new Date().toISOString(), event, ...details });
const writeLine = createLineWriter(process.stdout, (dropped) =>
  logLine('log_lines_dropped', { dropped }),
);
const log = (event: string, details: object = {}): void => writeLine(logLine(event, details));

const options = {
  home: homeFolder(),
  ...(JSON.parse(process.argv[2] ?? '{}') as Partial<Options>),
} as Options;
const { home } = options;
const supervisor = identifyProcess(process.pid)!;
let run: RunFile = {
  state: 'starting',
  run_id: '',
  mode: options.mode,
  started_at: new Date().toISOString(),
  supervisor,
  home,
  logs_dir: '',
  urls: null,
  cli_key: null,
  mcp_key: null,
  database_url: null,
  redis_url: null,
  trade_date: null,
  day_dir: options.day_dir ?? null,
};
const stopping = new AbortController();
const asked_to_stop = once(stopping.signal, 'abort');
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.on(signal, () =>
    stopping.abort(new PlatformError('the start was ended', { exit_code: 1 })),
  );

try {
  writeRunFile(home, run);
  const desk = await startDesk({
    ...options,
    keep_database: true,
    signal: stopping.signal,
    on_progress: (line) => tell({ kind: 'progress', line }),
    on_event: ({ service, event, pid, detail }) =>
      log(`service_${event}`, { service, pid, detail }),
  });
  run = {
    ...run,
    state: 'ready',
    run_id: desk.run_id,
    home: desk.home,
    logs_dir: desk.fleet.logs_dir,
    urls: desk.fleet.urls,
    cli_key: desk.fleet.keys.cli,
    mcp_key: desk.mcp_key,
    database_url: desk.database_url,
    redis_url: desk.redis_url,
    trade_date: desk.simulator?.trade_date ?? null,
  };
  writeRunFile(home, run);
  log('desk_ready', { run_id: desk.run_id });
  tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
  const ended = await Promise.race([
    asked_to_stop.then(() => 'asked'),
    desk.simulator?.on_exit.then((how) => `the simulator ended (${how})`) ??
      new Promise<never>(() => undefined),
  ]);
  log('desk_stopping', { why: ended });
  if (ended !== 'asked') process.exitCode = 1;
  await desk.stop();
} catch (error) {
  // where it happened is for the log: the terminal gets the sentence
  const { message, stack } = error as Error;
  log('desk_failed', { message, ...(error instanceof PlatformError ? {} : { stack }) });
  tell({
    kind: 'failed',
    message,
    exit_code: error instanceof PlatformError ? error.exit_code : 1,
  });
  process.exitCode = 1;
} finally {
  removeRunFile(home);
  if (process.connected) process.disconnect();
}
