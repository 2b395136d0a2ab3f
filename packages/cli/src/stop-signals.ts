import { constants } from 'node:os';

/** The command is to end before its work is done; `exit_code` is the shell's for this signal. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exit_code: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted (${signal})`);
    this.exit_code = 128 + constants.signals[signal];
  }
}

/** A terminal's Ctrl-C reaches us twice: from the terminal and from the script that started us. */
const same_press_ms = 500;

/**
 * Turns SIGINT, SIGTERM, SIGHUP and the death of the starting script into an abort, so that the
 * work can be undone in order. A second press ends at once.
 */
const watchStopSignals = (): { signal: AbortSignal; release: () => void } => {
  const controller = new AbortController();
  let first_at = 0;
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - first_at > same_press_ms) process.exit(128 + constants.signals[name]);
      return;
    }
    first_at = performance.now();
    controller.abort(new InterruptedError(name));
  };
  const parent_gone = () => stop('SIGHUP');
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, stop);
  process.on('disconnect', parent_gone);
  process.channel?.unref();
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.removeListener(name, stop);
      process.removeListener('disconnect', parent_gone);
    },
  };
};

/**
 * Does work that a signal ends in order: then the command says what it leaves, and ends as the shell
 * expects of it.
 */
export const untilStopped = async <T>(
  work: (signal: AbortSignal) => Promise<T>,
  leaves = 'stopped; nothing is left running',
): Promise<T> => {
  const { signal, release } = watchStopSignals();
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const reason: unknown = signal.reason;
    process.stderr.write(`catalyst: ${leaves}\n`);
    process.exit(reason instanceof InterruptedError ? reason.exit_code : 1);
  } finally {
    release();
  }
};
