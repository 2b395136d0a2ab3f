import type { Instant } from '@catalyst/domain';

/** A fill is told sooner than this; shares that were entered before had their stop until now. */
const TOLD_WITHIN_MS = 2000;

/**
 * Since when shares have no stop that are now seen without: since they were bought, where the desk
 * heard of it late. Its patience is counted from there.
 */
export const nakedFrom = (entered_at: Instant | null, now: Instant): Instant =>
  entered_at !== null &&
  entered_at < now &&
  Date.parse(now) - Date.parse(entered_at) < TOLD_WITHIN_MS
    ? entered_at
    : now;
