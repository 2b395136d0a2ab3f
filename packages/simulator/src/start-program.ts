import { resolve } from 'node:path';
import { DayError } from './day/day-error.ts';
import { loadDay } from './day/load-day.ts';
import { FaultScriptError, readFaultScript } from './faults/read-fault-script.ts';
import { FaultError } from './faults/read-faults.ts';
import { findDay } from './find-day.ts';
import type { ProgramOptions } from './program-options.ts';
import type { Simulator, SimulatorOptions } from './simulator-options.ts';
import { startSimulator } from './start-simulator.ts';

/** What is wrong with a start, in one sentence; null for an error of the program itself. */
const explain = (error: unknown, { port, ledger, mailDir }: ProgramOptions): string | null => {
  if (error instanceof DayError || error instanceof FaultScriptError) return error.message;
  if (error instanceof FaultError) return `--faults: ${error.message}`;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `--port: ${port} is taken on 127.0.0.1; expected a free port, or 0 to take any`;
  if (code === 'EACCES' && syscall === 'listen')
    return `--port: ${port} may not be used by this user; expected a free port from 1024 on, or 0 to take any`;
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

/**
 * Starts what the command line asks for.
 * @returns why it cannot be started, in one sentence, where that is the fault of what was asked
 */
export const startProgram = async (
  options: ProgramOptions,
  tell_holder?: SimulatorOptions['tell_holder'],
): Promise<Simulator | string> => {
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
        tell_holder,
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
    const sentence = explain(error, options);
    if (sentence === null) throw error;
    return sentence;
  }
};
