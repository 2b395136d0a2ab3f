import type { CycleProgress } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { nextJob } from '../domain/agenda.ts';
import { routineJobs, type JobName } from '../domain/schedule.ts';
import { listLog } from '../store/cycles.ts';
import { listDecisions } from '../store/decisions.ts';
import { listStoredAlerts, sumPositions } from '../store/desk-reads.ts';
import { listRuns } from '../store/job-runs.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';

type Entry = {
  at: string;
  kind: 'transition' | 'job' | 'decision' | 'alert';
  title: string;
  details: Record<string, unknown>;
};

/** The day so far, as a watcher wants it; one query. */
export const showProgress = async (
  { database, clock }: FlowDeps,
  { cycle, schedule, runs, view }: CycleDay,
): Promise<CycleProgress> => {
  const now = clock.now();
  return {
    cycle,
    as_of: now,
    next_job: nextJob(schedule, runs, cycle, now),
    candidates: (view?.candidates ?? []).map(({ symbol }) => symbol),
    ...(await sumPositions(database, cycle.cycle_id)),
  };
};

/**
 * What happened in a cycle, oldest first; runs of routine jobs are shown where they have something
 * to tell.
 */
export const showTimeline = async (
  { database, book }: FlowDeps,
  cycle_id: string,
): Promise<{ cycle: CycleDay['cycle']; entries: Entry[] }> => {
  const day = await book.of(cycle_id);
  if (!day) throw new AppError('NOT_FOUND', `there is no cycle ${cycle_id}`, { cycle_id });
  const [log, runs, decisions, alerts] = await Promise.all([
    listLog(database, cycle_id),
    listRuns(database, cycle_id),
    listDecisions(database, cycle_id),
    listStoredAlerts(database, cycle_id),
  ]);
  const entries: Entry[] = [
    ...log
      .filter(({ kind }) => kind !== 'alert')
      .map(({ at, kind, title, details }) => ({ at, kind, title, details })),
    ...runs
      .filter(
        ({ job, state, note }) =>
          !routineJobs.has(job as JobName) ||
          state === 'failed' ||
          (state === 'done' && note !== null),
      )
      .map(({ job, due_at, state, note, started_at, ended_at }) => ({
        at: started_at,
        kind: 'job' as const,
        title: `${job} ${state}`,
        details: { job, due_at, state, note, ended_at },
      })),
    ...decisions.map((decision) => ({
      at: decision.decided_at,
      kind: 'decision' as const,
      title: `${decision.kind} ${decision.symbol}: ${decision.outcome}`,
      details: { ...decision },
    })),
    ...alerts.map(({ alert_id, at, severity, code, message }) => ({
      at,
      kind: 'alert' as const,
      title: message,
      details: { alert_id, severity, code },
    })),
  ];
  // stable: what happened in the same instant keeps the order above
  entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { cycle: day.cycle, entries };
};
