import { ExponentialBackoff, handleWhen, retry, TaskCancelledError } from 'cockatiel';
import { AppError } from '../app-error.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createBreaker } from './breaker.ts';
import { giveUpAfter } from './give-up-after.ts';

/** What calls to vendors are counted in; a service's metrics are one, and a program may have none. */
export interface CallMetrics {
  /** Seconds by target and outcome. */
  outsideCalls: {
    startTimer(labels: { target: string }): (labels: { outcome: string }) => unknown;
  };
  /** Vendors that are left alone for a minute; health names them. */
  openCircuits: Set<string>;
  /** Tries beyond the first, by target. */
  retries?: { inc(labels: { target: string }): void };
  /** Items of a vendor's lists that were not read: passed over, or unread. */
  listItems: { inc(labels: { list: string; outcome: string }): void };
}

interface Options {
  /** Whom we call, for logs, metrics and messages: "alpaca", "smtp". */
  target: string;
  log: Log;
  /** On which the breaker's open minute runs. */
  clock: Pick<Clock, 'latest'>;
  metrics?: CallMetrics;
  timeout_ms?: number;
  /** Tries beyond the first; only for calls that are safe to repeat. */
  retries?: number;
  /** True when the fault may pass by itself; a refusal is not one. */
  isTransient: (error: Error) => boolean;
}

type Work<T> = (signal: AbortSignal) => Promise<T>;
interface Sending {
  /** Goes out at an open breaker too, as its trial. */
  passes?: boolean;
  /** Awaited before each try, outside of its time-out: a budget of requests. */
  before?: () => Promise<void>;
  /** Milliseconds (wall) until a try is given up, where that is sooner than usual. */
  timeout_ms?: number;
}

/**
 * Gives `work` up after a while of the wall's time and tells it so. A call that ends in time leaves
 * its signal alone: each abort costs an error with its stack and wakes whoever listens.
 */
const within = async <T>(ms: number, work: Work<T>): Promise<T> => {
  const aborter = new AbortController();
  const late = Promise.withResolvers<never>();
  const callOff = giveUpAfter(ms, () => {
    late.reject(new TaskCancelledError(`gave up after ${ms} ms`));
    aborter.abort();
  });
  try {
    return await Promise.race([work(aborter.signal), late.promise]);
  } finally {
    callOff();
  }
};

export interface OutsideCall {
  /**
   * Time-out, retry with back-off and jitter, circuit breaker. Only for what may be done twice
   * without a second effect.
   */
  repeatable<T>(work: Work<T>, sending?: Sending): Promise<T>;
  /**
   * Time-out and circuit breaker only: a fault leaves the outcome unknown and the caller must look
   * it up.
   */
  once<T>(work: Work<T>, sending?: Sending): Promise<T>;
}

/** Guards calls to a vendor: after 5 transient faults in a row the circuit opens for 60 s. */
export const createOutsideCall = ({
  target,
  log,
  clock,
  metrics,
  timeout_ms = 10_000,
  retries = 3,
  isTransient,
}: Options): OutsideCall => {
  const mayPass = (error: unknown): boolean =>
    error instanceof TaskCancelledError || (error instanceof Error && isTransient(error));
  const breaker = createBreaker({
    clock,
    failures: 5,
    open_ms: 60_000,
    onOpen: () => {
      metrics?.openCircuits.add(target);
      log.error('circuit_opened', { target });
    },
    onClose: () => {
      metrics?.openCircuits.delete(target);
      log.info('circuit_closed', { target });
    },
  });
  const again = retry(handleWhen(mayPass), {
    maxAttempts: retries,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 5000 }),
  });
  again.onRetry(() => metrics?.retries?.inc({ target }));

  const attempt = async <T>(work: Work<T>, sending: Sending): Promise<T> => {
    const { passes, before } = sending;
    if (!breaker.mayTry() && !passes)
      throw new AppError(
        'VENDOR_UNAVAILABLE',
        `${target} failed 5 times in a row and is left alone for a minute`,
        { target },
      );
    await before?.();
    try {
      const result = await within(sending.timeout_ms ?? timeout_ms, work);
      breaker.succeeded();
      return result;
    } catch (error) {
      if (mayPass(error)) breaker.failed();
      else breaker.succeeded();
      throw error;
    }
  };

  const measured = async <T>(call: () => Promise<T>, sending: Sending): Promise<T> => {
    const stop = metrics?.outsideCalls.startTimer({ target });
    try {
      const result = await call();
      stop?.({ outcome: 'ok' });
      return result;
    } catch (error) {
      stop?.({ outcome: 'failed' });
      if (error instanceof TaskCancelledError)
        throw new AppError(
          'TIMED_OUT',
          `${target} did not answer within ${sending.timeout_ms ?? timeout_ms} ms`,
          { target },
          error,
        );
      throw error;
    }
  };
  return {
    repeatable: (work, sending = {}) =>
      measured(() => again.execute(() => attempt(work, sending)), sending),
    once: (work, sending = {}) => measured(() => attempt(work, sending), sending),
  };
};
