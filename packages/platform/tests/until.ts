import { setTimeout as pause } from 'node:timers/promises';

/** Polls until `check` holds; fails with its last answer after `timeout_ms`. */
export const until = async (
  check: () => boolean | Promise<boolean>,
  timeout_ms = 60_000,
): Promise<void> => {
  const deadline = performance.now() + timeout_ms;
  while (!(await check())) {
    if (performance.now() > deadline)
      throw new Error(`did not hold within ${timeout_ms} ms: ${check.toString()}`);
    await pause(20);
  }
};
