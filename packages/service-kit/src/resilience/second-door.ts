import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@catalyst/runtime';

/** Who wants to stop waits no longer for the first door. */
const SECOND_AFTER_MS = 1000;

/**
 * Asks at the first door, and at the second too where the first has not answered within a second or
 * cannot. The first good answer counts; a refusal of the first is one, and fails at once.
 * @throws what the first door failed with, where the second failed as well
 */
export const orSecondDoor = async <A, B>(
  first: () => Promise<A>,
  second: () => Promise<B>,
  after_ms = SECOND_AFTER_MS,
): Promise<{ first: A } | { second: B }> => {
  const asked = first().then((answer) => ({ first: answer }));
  const isOutage = (error: unknown): boolean => error instanceof AppError && error.retryable;
  const soon = await Promise.race([
    asked.catch((error: unknown) => {
      if (isOutage(error)) return null;
      throw error;
    }),
    pause(after_ms, null, { ref: false }),
  ]);
  if (soon !== null) return soon;
  const late = second().then((answer) => ({ second: answer }));
  return Promise.any([asked, late]).catch(async () => asked);
};
