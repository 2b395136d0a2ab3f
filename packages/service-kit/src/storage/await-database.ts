import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@catalyst/runtime';

/** Below the minute that supervisors and Compose give a service to become ready. */
const PATIENCE_MS = 50_000;
const PAUSE_MS = 500;

/**
 * Does the first work of a start, which a database that is away, full or still starting only delays.
 * Wall time: it is this machine that waits. What waiting does not mend is thrown at once.
 */
export const awaitDatabase = async <T>(
  work: () => Promise<T>,
  patience_ms: number = PATIENCE_MS,
): Promise<T> => {
  const giveUpAt = performance.now() + patience_ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof AppError && error.retryable;
      if (!mayPass || performance.now() > giveUpAt) throw error;
      await pause(PAUSE_MS);
    }
  }
};
