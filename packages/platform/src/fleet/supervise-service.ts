import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import type { ServiceName } from '@catalyst/contracts';
import { PlatformError } from '../platform-error.ts';
import { createBackOff } from '../processes/back-off.ts';
import type { ProcessEvent } from '../processes/process-event.ts';
import { signalProcess, stopProcess } from '../processes/stop-process.ts';
import { spawnProgram, type ProgramOptions } from '../processes/spawn-program.ts';
import { lastWords } from './last-words.ts';

export type SupervisedService = {
  name: ServiceName;
  url: string;
  pid: () => number | null;
  restarts: () => number;
  /**
   * Resolves once the service says that it is ready; PlatformError when it cannot become so in
   * time.
   */
  awaitReady: () => Promise<void>;
  kill: (signal: NodeJS.Signals) => Promise<void>;
  stop: () => Promise<void>;
};

export type ServiceRun = {
  name: ServiceName;
  url: string;
  /** What to run; asked for at each start. */
  program: () => ProgramOptions;
  /** Is given each process of the service as it starts. */
  on_process?: (child: ChildProcess) => void;
  ready_timeout_ms: number;
  on_event: (event: ProcessEvent) => void;
};

/** A start that fails so often fails for a reason that waiting does not mend. */
const hopeless_restarts = 6;
const bad_configuration = 78;

/**
 * How often a service is asked that has not said by itself that it is ready. Nine that are asked at
 * every turn while they start take a tenth of what they start with.
 */
const look_every_ms = 250;
/** The same where it has said so and does not answer accordingly. */
const look_again_ms = 25;

const saysReady = (message: unknown): boolean =>
  (message as { ready?: unknown } | null)?.ready === true;

/** Runs one service as a process and starts it again whenever it ends by itself. */
export const superviseService = ({
  name,
  url,
  program,
  on_process = () => {},
  ready_timeout_ms,
  on_event,
}: ServiceRun): SupervisedService => {
  let pid: number | null = null;
  let restarts = 0;
  const back_off = createBackOff();
  let is_stopping = false;
  let given_up: string | null = null;
  let was_ready = false;
  let last_words = '';
  let exited: Promise<void> = Promise.resolve();
  /** Of the process at hand, or of the next: that it said that it is ready, or has ended. */
  let news = Promise.withResolvers<void>();
  let said_ready = false;
  const timers = new AbortController();

  // Only what this run wrote: the log holds earlier runs too.
  let log_start = 0;
  const { log_path } = program();
  const saidLast = (): string =>
    existsSync(log_path) ? lastWords(readFileSync(log_path).subarray(log_start).toString()) : '';

  const start = (): void => {
    log_start = statSync(log_path, { throwIfNoEntry: false })?.size ?? 0;
    const started_at = performance.now();
    const child = spawnProgram(program());
    on_process(child);
    pid = child.pid ?? null;
    child.on('message', (message) => {
      if (!saysReady(message)) return;
      said_ready = true;
      news.resolve();
    });
    on_event({ service: name, event: 'started', pid, detail: url });
    exited = new Promise((resolve) => {
      const ended = (detail: string, code: number | null) => {
        pid = null;
        said_ready = false;
        // what the process has said is about it alone
        news.resolve();
        news = Promise.withResolvers<void>();
        resolve();
        if (is_stopping) return;
        last_words = saidLast();
        on_event({ service: name, event: 'exited', pid: child.pid ?? null, detail });
        if (code === bad_configuration) {
          given_up = detail;
          on_event({ service: name, event: 'given_up', pid: null, detail: last_words });
          return;
        }
        const wait_ms = back_off.after(performance.now() - started_at);
        void pause(wait_ms, undefined, { signal: timers.signal }).then(
          () => {
            restarts += 1;
            start();
          },
          () => undefined, // stopped meanwhile
        );
      };
      child.once('error', (error) => ended(error.message, null));
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`, code));
    });
  };

  const isReady = async (): Promise<boolean> => {
    try {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // not listening yet
    }
  };

  start();
  return {
    name,
    url,
    pid: () => pid,
    restarts: () => restarts,
    awaitReady: async () => {
      const deadline = performance.now() + ready_timeout_ms;
      while (performance.now() < deadline) {
        if (is_stopping) throw new PlatformError(`${name} was stopped before it was ready`);
        if (given_up !== null)
          throw new PlatformError(`${name} refuses to start (${given_up}):\n${last_words}`);
        if (pid !== null && (await isReady())) {
          was_ready = true;
          on_event({ service: name, event: 'ready', pid, detail: url });
          return;
        }
        if (!was_ready && restarts >= hopeless_restarts)
          throw new PlatformError(
            `${name} ended ${restarts} times before it was ready; the end of ${log_path}:\n${last_words}`,
            { exit_code: 1 },
          );
        await (said_ready
          ? pause(look_again_ms)
          : Promise.race([pause(look_every_ms), news.promise]));
      }
      throw new PlatformError(
        `${name} did not become ready within ${ready_timeout_ms / 1000} s; the end of ${log_path}:\n${saidLast() || last_words}`,
        { exit_code: 1 },
      );
    },
    kill: async (signal) => {
      if (pid === null) return;
      const gone = exited;
      signalProcess(pid, signal);
      await gone;
    },
    stop: async () => {
      is_stopping = true;
      timers.abort();
      if (pid !== null) {
        await stopProcess(pid, [
          { signal: 'SIGTERM', wait_ms: 5_000 },
          { signal: 'SIGKILL', wait_ms: 5_000 },
        ]);
      }
      await exited;
    },
  };
};
