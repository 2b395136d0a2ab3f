import type { Instant } from '@catalyst/domain';
import { currentContext } from './context.ts';

/**
 * The injected clock: schedules, ages, approvals and everything stored read it. Time-outs, breakers
 * and health read the wall.
 */
export interface Clock {
  /**
   * The time of the work at hand. In a replay it throws outside of any step, since no time would be
   * right.
   */
  now(): Instant;
  /**
   * Like now(), but outside of any step the last step seen; for bookkeeping that decides nothing.
   */
  latest(): Instant;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  latest: () => new Date().toISOString(),
};

export interface ReplayClock extends Clock {
  /** Takes note of a trusted step time; time never goes back. */
  observe(at: Instant): void;
}

/** The clock of a replayed day: it shows the step that the current work belongs to. */
export const createReplayClock = (startsAt: Instant): ReplayClock => {
  let seen = startsAt;
  return {
    now: () => {
      const at = currentContext()?.at;
      if (!at)
        throw new Error(
          'the replay clock was read outside of a step: run the work in the context of the message that caused it',
        );
      return at;
    },
    latest: () => currentContext()?.at ?? seen,
    observe: (at) => {
      if (Date.parse(at) > Date.parse(seen)) seen = at;
    },
  };
};
