import { setTimeout as sleep } from 'node:timers/promises';

/** Tries `check` until it passes; fails with its last error. Instead of sleeping and hoping. */
export const eventually = async <T>(
  check: () => Promise<T> | T,
  timeout_ms = 60_000,
): Promise<T> => {
  const giveUpAt = performance.now() + timeout_ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await sleep(25);
    }
  }
};
