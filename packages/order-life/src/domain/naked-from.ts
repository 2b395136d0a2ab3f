import { type ExitOrder, type Instant, isEnded, isWorking } from '@catalyst/domain';

/** A fill is told sooner than this; shares that had a stop before had it until now. */
const TOLD_WITHIN_MS = 2000;

/**
 * Since when shares have no stop that are now seen without: since they were bought, where they never
 * had one or the desk heard of them late. Its patience is counted from there.
 */
export const nakedFrom = (
  entered_at: Instant | null,
  now: Instant,
  orders: readonly Pick<ExitOrder, 'role' | 'status'>[],
): Instant => {
  if (entered_at === null || entered_at >= now) return now;
  const hadStop = orders.some(
    ({ role, status }) => role === 'stop' && (isWorking(status) || isEnded(status)),
  );
  return hadStop && Date.parse(now) - Date.parse(entered_at) >= TOLD_WITHIN_MS ? now : entered_at;
};
