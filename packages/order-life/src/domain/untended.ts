import { type Instant, marketHoursAt } from '@catalyst/domain';

/** So long shares may be held without a look at their protection while the exchange is open. */
const UNTENDED_MS = 120_000;

/**
 * Since when nobody has tended what is held, where that is too long; null where all is well, where
 * nothing is held, and while the exchange is closed.
 */
export const untendedSince = (
  { tended_at, is_held }: { tended_at: Instant; is_held: boolean },
  now: Instant,
): Instant | null => {
  const open_at = is_held ? marketHoursAt(now).open_since : null;
  if (open_at === null) return null;
  const since = tended_at > open_at ? tended_at : open_at;
  return Date.parse(now) - Date.parse(since) > UNTENDED_MS ? since : null;
};
