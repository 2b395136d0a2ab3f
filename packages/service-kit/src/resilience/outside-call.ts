import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { AppError } from '../app-error.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

interface Options {
  /** Whom we call, for logs, metrics and messages: "alpaca", "smtp". */
  target: string;
  log: Log;
  metrics?: Metrics;
  timeout_ms?: number;
  /** Tries beyond the first; only for calls that are safe to repeat. */
  retries?: number;
  /** True when the fault may pass by itself; a refusal is not one. */
  isTransient: (error: Error) => boolean;
}

export interface OutsideCall {
  /**
   * Time-out, retry with back-off and jitter, circuit breaker. Only for what may be done twice
   * without a second effect.
   */
  repeatable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Time-out and circuit breaker only: a fault leaves the outcome unknown and the caller must look
   * it up.
   */
  once<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  isOpen(): boolean;
}

/** Guards calls to a vendor: after 5 transient faults in a row the circuit opens for 60 s. */
export const createOutsideCall = ({
  target,
  log,
  metrics,
  timeout_ms = 10_000,
  retries = 3,
  isTransient,
}: Options): OutsideCall => {
  const transient = handleWhen(
    (error) =>
      error instanceof TaskCancelledError || (error instanceof Error && isTransient(error)),
  );
  const breaker = circuitBreaker(transient, {
    halfOpenAfter: 60_000,
    breaker: new ConsecutiveBreaker(5),
  });
  breaker.onBreak(() => log.error('circuit_opened', { target }));
  breaker.onReset(() => log.info('circuit_closed', { target }));
  const limit = timeout(timeout_ms, TimeoutStrategy.Aggressive);
  const onceOnly = wrap(breaker, limit);
  const again = wrap(
    retry(transient, {
      maxAttempts: retries,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 5000 }),
    }),
    breaker,
    limit,
  );

  const guarded = async <T>(
    policy: typeof onceOnly | typeof again,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const stop = metrics?.outsideCalls.startTimer({ target });
    try {
      const result = await policy.execute(({ signal }) => work(signal));
      stop?.({ outcome: 'ok' });
      return result;
    } catch (error) {
      stop?.({ outcome: 'failed' });
      if (error instanceof BrokenCircuitError)
        throw new AppError(
          'VENDOR_UNAVAILABLE',
          `${target} failed 5 times in a row and is left alone for a minute`,
          { target },
          error,
        );
      if (error instanceof TaskCancelledError)
        throw new AppError(
          'TIMED_OUT',
          `${target} did not answer within ${timeout_ms} ms`,
          { target },
          error,
        );
      throw error;
    }
  };
  return {
    repeatable: (work) => guarded(again, work),
    once: (work) => guarded(onceOnly, work),
    isOpen: () => breaker.state !== 0,
  };
};
