import { cycleState, type CycleState, type DayPlan } from '@catalyst/contracts';
import type { Instant, TradingHours } from '@catalyst/domain';
import { jobNames, jobRules, jobTimes } from './schedule.ts';
import type { SessionsConfig } from './session-windows.ts';

/** States that a cycle may still come into, its own among them; a failed one stays where it is. */
const ahead = (state: CycleState): readonly CycleState[] => {
  const order = cycleState.options.filter((name) => name !== 'failed');
  return state === 'failed' ? ['failed'] : order.slice(order.indexOf(state));
};

/**
 * What the schedule still brings after `now`, one entry for each job, in the order in which they
 * begin. Jobs that only follow a state (a close tried again, the report) have no time of their own.
 */
export const planOfDay = (
  hours: TradingHours,
  sessions: SessionsConfig,
  state: CycleState,
  now: Instant,
): DayPlan['jobs'] => {
  const states = ahead(state);
  return jobNames
    .filter((job) => {
      const rule = jobRules[job];
      return rule.follows_state !== true && rule.states.some((name) => states.includes(name));
    })
    .flatMap((job) => {
      const times = jobTimes(job, hours, sessions).filter((at) => at > now);
      return times.length === 0
        ? []
        : [{ job, first_at: times[0]!, last_at: times.at(-1)!, times: times.length }];
    })
    .sort((a, b) => (a.first_at < b.first_at ? -1 : a.first_at > b.first_at ? 1 : 0));
};
