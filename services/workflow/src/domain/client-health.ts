import type { ClientStanding } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';

const HEALTHY_MS = 60_000;
const LATE_MS = 120_000;

/** How a friend's client is by its last sign: whole for a minute, late for another, then away. */
export const clientHealth = (
  last_seen_at: Instant | null,
  now: Instant,
): ClientStanding['health'] => {
  const silent_ms = last_seen_at === null ? Infinity : Date.parse(now) - Date.parse(last_seen_at);
  return silent_ms <= HEALTHY_MS ? 'healthy' : silent_ms <= LATE_MS ? 'late' : 'away';
};
