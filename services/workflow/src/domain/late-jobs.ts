import type { Cycle } from '@catalyst/contracts';
import { later, type Instant, type TradingHours } from '@catalyst/domain';
import { dueJobs, type Runs } from './agenda.ts';
import { runKey, type DueJob, type JobName, type ScheduledJob } from './schedule.ts';

/** So long after it was due a job may still be at work. */
const LATE_MS = 120_000;

interface Standing {
  cycle: Pick<Cycle, 'state' | 'updated_at'>;
  hours: TradingHours;
  schedule: readonly ScheduledJob[];
  agenda: readonly ScheduledJob[];
  runs: Runs;
}

/**
 * The first run of each job, due since then, that should have ended two minutes ago and has not.
 */
export const lateJobs = (
  { agenda, runs, cycle, hours }: Omit<Standing, 'schedule'>,
  since: Instant,
  now: Instant,
): DueJob[] => {
  const first = new Map<JobName, DueJob>();
  for (const { job, due_at } of dueJobs(agenda, runs, cycle, hours, now))
    if (due_at >= since && !first.has(job) && later(due_at, LATE_MS) <= now)
      first.set(job, { job, due_at });
  return [...first.values()];
};

/** The jobs whose last run that ended had failed. */
export const failedJobs = (
  { schedule, runs }: Pick<Standing, 'schedule' | 'runs'>,
  now: Instant,
): DueJob[] => {
  const last = new Map<JobName, DueJob & { has_failed: boolean }>();
  for (const { job, due_at } of schedule) {
    if (due_at > now) break;
    const state = runs.get(runKey({ job, due_at }));
    if (state === 'done' || state === 'failed')
      last.set(job, { job, due_at, has_failed: state === 'failed' });
  }
  return [...last.values()].filter(({ has_failed }) => has_failed);
};
