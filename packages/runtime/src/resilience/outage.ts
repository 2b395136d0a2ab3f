import { performance } from 'node:perf_hooks';
import type { Log } from '../log.ts';

/** One thing that the service depends on, as its log tells of it. */
export interface Outage {
  /** Call at each failure: only the first is told, then one in ten minutes while it lasts. */
  away(error: unknown): void;
  /** Call at each success: told only after an absence that was told. */
  back(): void;
}

const REMIND_MS = 600_000;
/** What comes and goes is told once a minute at most; a single lost connection is no flood. */
const QUIET_MS = 60_000;

const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
};

/**
 * Turns a stream of failures into a change of state: `<part>_away` when it goes, `<part>_still_away`
 * each ten minutes, `<part>_back` when it answers again; with the reason in a word and no stack.
 * Wall time: an absence is this machine's, not the market's.
 */
export const createOutage = (
  part: string,
  log: Log,
  now: () => number = () => performance.now(),
): Outage => {
  let since: number | null = null;
  let told_at = -Infinity;
  let is_told = false;
  const seconds = (): number => Math.round((now() - since!) / 1000);
  return {
    away: (error) => {
      since ??= now();
      if (now() - told_at < (is_told ? REMIND_MS : QUIET_MS)) return;
      const reason = reasonOf(error);
      if (is_told) log.warn(`${part}_still_away`, { for_s: seconds(), reason });
      else log.warn(`${part}_away`, { reason });
      is_told = true;
      told_at = now();
    },
    back: () => {
      if (since === null) return;
      if (is_told) log.info(`${part}_back`, { for_s: seconds() });
      since = null;
      is_told = false;
    },
  };
};
