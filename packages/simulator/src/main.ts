import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { DayError } from './day/day-error.ts';
import { loadDay } from './day/load-day.ts';
import { answerHolder } from './clock/line-holder.ts';
import { describeStart } from './describe-start.ts';
import { FaultScriptError, readFaultScript } from './faults/read-fault-script.ts';
import { FaultError } from './faults/read-faults.ts';
import { findDay } from './find-day.ts';
import { readProgramOptions } from './program-options.ts';
import { startSimulator } from './start-simulator.ts';
import type { Simulator, SimulatorFacts } from './simulator-options.ts';

// Without this the young part of the heap grows to 128 MB while a large day is read, and stays so;
// it is not faster then.
setFlagsFromString('--semi-space-growth-factor=1');

const EXIT_FAILED = 1;
/** How often a program that npm started looks whether npm is still there. */
const PARENT_CHECK_MS = 200;

const parent = process.ppid;
const options = readProgramOptions(process.argv, process.env);

/** What is wrong with a start, in one sentence; null for an error of the program itself. */
const explain = (error: unknown): string | null => {
  if (error instanceof DayError || error instanceof FaultScriptError) return error.message;
  if (error instanceof FaultError) return `--faults: ${error.message}`;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  const { ledger, mailDir } = options;
  if (code === 'EADDRINUSE')
    return `--port: ${options.port} is taken on 127.0.0.1; expected a free port, or 0 to take any`;
  if (code === 'EACCES' && syscall === 'listen')
    return `--port: ${options.port} may not be used by this user; expected a free port from 1024 on, or 0 to take any`;
  // the folder itself, or one above it that is not there
  if (mailDir !== undefined && path !== undefined && resolve(mailDir).startsWith(resolve(path)))
    return `--mail-dir: ${mailDir} cannot be written (${message}); expected a folder, or the path of a new one`;
  if (ledger !== undefined && path === ledger)
    return code === 'EEXIST'
      ? `--ledger: ${ledger} exists; expected a file that does not`
      : `--ledger: ${ledger} cannot be written (${message}); expected the path of a new file`;
  return syscall === undefined ? null : message;
};

const FILLS = { 'at-once': 'at_once', 'next-bar': 'next_bar' } as const;
type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** Leaves out what was not said, so that a preset or what is usual holds. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;

/** Who started this program with a line holds it, and has opened a channel to speak of it. */
const hasHolder = options.line !== undefined && process.send !== undefined;
/** A holder that has gone is told nothing. */
const tellHolder = (message: object): void =>
  void process.send?.(message, undefined, undefined, () => undefined);

const start = async (): Promise<Simulator | null> => {
  try {
    const day = await loadDay(await findDay(options.day));
    const symbols = new Set(day.securities.map(({ symbol }) => symbol));
    return await startSimulator({
      day,
      port: options.port,
      at: options.at,
      clock: options.clock,
      mail_dir: options.mailDir ?? null,
      accounts: options.accounts,
      cash: options.cash,
      stream_oco_cancels: options.silentOcoCancels !== true,
      tls: options.tls === true,
      faults: options.faults === undefined ? [] : await readFaultScript(options.faults, symbols),
      ledger_file: options.ledger ?? null,
      exchange: {
        latency_ms: options.latency ?? 0,
        limit_collar_ratio: options.limitCollar ?? null,
        ...given({ impact_ratio: options.impact, limit_queue: options.limitQueue }),
      },
      market: given({
        bar_late_ms: options.barLateMs,
        late_trades_ratio: options.lateTrades,
        iex_quotes: options.iexQuotes,
      }),
      ...given({
        line: options.line,
        tell_holder: hasHolder ? tellHolder : undefined,
        like: options.like,
        fills: options.fills && FILLS[options.fills],
        rate_limit: options.rateLimit,
        answer_delay: options.answerMs,
        data_connections: options.dataConnections,
        data_plan: options.dataPlan,
        volume_share: options.volumeShare,
        credentials: options.credentials,
      }),
    });
  } catch (error) {
    const sentence = explain(error);
    if (sentence === null) throw error;
    console.error(sentence);
    process.exitCode = EXIT_FAILED;
    return null;
  }
};

/**
 * Stops at the first signal or when npm has ended that started it, at once at the second signal,
 * and at once where something has gone wrong that nobody handles: an exchange that is wrong must
 * not run on.
 */
const watchProcess = (simulator: Simulator): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(EXIT_FAILED);
    stopping = true;
    void simulator.close().then(() => process.exit(0));
  };
  process.on('uncaughtException', (error) => {
    console.error(error);
    console.error(
      `the simulator stopped at ${new Date(simulator.simulation.now()).toISOString()} of the simulated day because of the error above, which is a fault of its own`,
    );
    process.exit(EXIT_FAILED);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // npx and npm run start a shell that starts this, and end the shell alone: their SIGTERM never
  // comes here.
  if (!process.env.npm_lifecycle_script?.includes('catalyst-simulator')) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS).unref();
};

const simulator = await start();
if (simulator) {
  watchProcess(simulator);
  if (hasHolder)
    process.on('message', (message) => answerHolder(message, simulator.follow, tellHolder));
  const { url, stream_url, data_stream_url, news_stream_url, smtp, day, trade_date } = simulator;
  const facts: SimulatorFacts = {
    url,
    stream_url,
    data_stream_url,
    news_stream_url,
    smtp,
    day,
    trade_date,
    accounts: simulator.accounts,
    certificate: simulator.certificate,
  };
  console.log(
    options.json
      ? JSON.stringify(facts)
      : describeStart({ facts, clock: options.clock, at: options.at, cash: options.cash }),
  );
}
