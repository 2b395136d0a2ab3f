import type { Cycle } from '@catalyst/contracts';
import { later, type Instant, type TradingHours } from '@catalyst/domain';
import { jobRules, type DueJob, type ScheduledJob } from './schedule.ts';

export type RunState = 'running' | 'done' | 'skipped' | 'failed';
/** What became of the day's jobs so far, by `runKey`. */
export type Runs = ReadonlyMap<string, RunState>;

export interface AgendaItem extends DueJob {
  act: 'run' | 'skip' | 'give_up';
  /** Why it is not run. */
  note: string | null;
}

/** How long an interrupted run is taken up again where it had decided something. */
const RESUME_MS = 120_000;

type Standing = Pick<Cycle, 'state' | 'updated_at'>;

const isOpen = (entry: ScheduledJob, runs: Runs, cycle: Standing): boolean => {
  const state = runs.get(entry.key);
  if (state === 'running') return true;
  if (state !== undefined) return false;
  const rule = jobRules[entry.job];
  return (
    rule.states.includes(cycle.state) && (!rule.follows_state || cycle.updated_at < entry.due_at)
  );
};

/**
 * The first instant from `position` on at which something is to be done; what is overdue is to be
 * done at once.
 */
export const nextInstant = (
  schedule: readonly ScheduledJob[],
  runs: Runs,
  cycle: Standing,
  position: Instant,
): Instant | null => {
  const next = schedule.find(
    (entry) =>
      isOpen(entry, runs, cycle) &&
      (entry.due_at >= position || !jobRules[entry.job].follows_state),
  );
  return next ? (next.due_at > position ? next.due_at : position) : null;
};

/**
 * The table without what `now` has left behind for good: runs that ended, and turns of a state
 * that the cycle was not in (a state that begins later begins after them).
 */
export const leftOf = (
  schedule: readonly ScheduledJob[],
  runs: Runs,
  cycle: Standing,
  now: Instant,
): ScheduledJob[] => {
  const ahead = schedule.findIndex(({ due_at }) => due_at > now);
  const passed = schedule.slice(0, ahead === -1 ? schedule.length : ahead);
  const isLeft = (entry: ScheduledJob): boolean => {
    const state = runs.get(entry.key);
    if (state !== undefined) return state === 'running';
    return !jobRules[entry.job].follows_state || isOpen(entry, runs, cycle);
  };
  return [...passed.filter(isLeft), ...schedule.slice(passed.length)];
};

/** The next job that is to be run after `now`, for whoever watches. */
export const nextJob = (
  schedule: readonly ScheduledJob[],
  runs: Runs,
  cycle: Standing,
  now: Instant,
): DueJob | null =>
  schedule.find((entry) => entry.due_at > now && isOpen(entry, runs, cycle)) ?? null;

const lateness = (due_at: Instant, now: Instant): string =>
  `${Math.round((Date.parse(now) - Date.parse(due_at)) / 60_000)} min late`;

/**
 * What to do now about each job that is due and not done, in its order: run it, skip it because a
 * later run of it is due too or it came too late, or give up an interrupted run that nobody took up
 * in time.
 */
export const dueJobs = (
  schedule: readonly ScheduledJob[],
  runs: Runs,
  cycle: Standing,
  hours: TradingHours,
  now: Instant,
): AgendaItem[] => {
  const due: ScheduledJob[] = [];
  for (const entry of schedule) {
    if (entry.due_at > now) break;
    if (isOpen(entry, runs, cycle)) due.push(entry);
  }
  const latest = new Map(due.map(({ job, due_at }) => [job, due_at]));
  return due.flatMap(({ job, due_at, key }): AgendaItem[] => {
    const rule = jobRules[job];
    const until = rule.catchUpUntil(hours, due_at);
    if (runs.get(key) === 'running') {
      const resumeUntil = [until, later(due_at, RESUME_MS)].sort().at(-1)!;
      return [
        now <= resumeUntil
          ? { job, due_at, act: 'run', note: null }
          : {
              job,
              due_at,
              act: 'give_up',
              note: `interrupted, and ${lateness(due_at, now)} when it could go on`,
            },
      ];
    }
    const successor = latest.get(job)!;
    if (successor > due_at)
      return rule.follows_state
        ? []
        : [{ job, due_at, act: 'skip', note: `missed; the run due at ${successor} does its work` }];
    if (now > until)
      return [{ job, due_at, act: 'skip', note: `missed: ${lateness(due_at, now)}` }];
    return [{ job, due_at, act: 'run', note: null }];
  });
};
