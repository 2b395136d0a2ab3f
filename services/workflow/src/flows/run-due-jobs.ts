import type { Instant } from '@catalyst/domain';
import { inContext } from '@catalyst/service-kit';
import { dueJobs, leftOf, type AgendaItem } from '../domain/agenda.ts';
import { runKey, type JobName } from '../domain/schedule.ts';
import { endRun, insertSkipped } from '../store/job-runs.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { stageAlert } from './raise-alert.ts';
import { mayPass, runJob, type JobBody } from './run-job.ts';
import { tellSignals } from './tell-signals.ts';

export type JobBodies = Readonly<Record<JobName, JobBody>>;

/** Missed runs of these are told to a person; the others come again soon. */
const WORTH_AN_ALERT: ReadonlySet<JobName> = new Set([
  'premarket_scan',
  'market_open',
  'close_positions',
]);

const recordMissed = async (
  deps: FlowDeps,
  { cycle, runs }: CycleDay,
  missed: readonly AgendaItem[],
  now: Instant,
): Promise<void> => {
  if (missed.length === 0) return;
  const skipped = missed.filter(({ act }) => act === 'skip');
  const givenUp = missed.filter(({ act }) => act === 'give_up');
  await deps.database.transaction(async (tx) => {
    if (skipped.length > 0) await insertSkipped(tx, cycle.cycle_id, skipped, now);
    for (const item of givenUp)
      await endRun(tx, cycle.cycle_id, item, 'failed', item.note, now, now);
    const told = [...givenUp, ...skipped.filter(({ job }) => WORTH_AN_ALERT.has(job))];
    for (const { job, due_at, note } of told) {
      stageAlert(tx, deps, cycle.cycle_id, {
        severity: 'warning',
        code: 'JOB_MISSED',
        message: `${job} due at ${due_at} was not run: ${note}`,
        subject: job,
        details: { job, due_at },
      });
    }
  });
  for (const item of missed) runs.set(runKey(item), item.act === 'skip' ? 'skipped' : 'failed');
  deps.log.warn('jobs_missed', { skipped: skipped.length, given_up: givenUp.length });
};

/**
 * Runs what is due by `now`, one job after the other in the order of the day; what was missed is
 * caught up or skipped by rule, and recorded. A job whose service is away stays open for the next
 * call. Each job has a request id made from what it is, so its calls are the same ones when it is
 * run again after a crash.
 */
export const createRunDueJobs =
  (deps: FlowDeps, bodies: JobBodies) =>
  async (day: CycleDay, now: Instant, at: Instant | null): Promise<void> => {
    const { cycle_id } = day.cycle;
    const waiting = new Map<string, unknown>();
    for (;;) {
      const isDone = await deps.inTurn(() =>
        inContext({ at, cycle_id, caller: 'schedule', request_id: `jobs@${now}` }, async () => {
          const due = dueJobs(day.agenda, day.runs, day.cycle, day.hours, now);
          await recordMissed(
            deps,
            day,
            due.filter(({ act }) => act !== 'run'),
            now,
          );
          const next = due.find((item) => item.act === 'run' && !waiting.has(runKey(item)));
          if (!next) return true;
          const { job, due_at } = next;
          try {
            const unread = await inContext({ request_id: `${job}@${due_at}` }, () =>
              runJob(deps, day, { job, due_at }, bodies[job]),
            );
            // what the job and its orders have come to is told before the next begins; live it is told each second,
            // and nothing of it keeps the desk from its positions
            if (deps.is_replay) await tellSignals(deps, unread);
          } catch (error) {
            // live, one service that is away must not keep the desk from watching its positions; a
            // replay stands still, since its trades may not depend on an outage
            if (deps.is_replay || !mayPass(error)) throw error;
            waiting.set(runKey(next), error);
          }
          return false;
        }),
      );
      if (isDone) break;
    }
    day.agenda = leftOf(day.agenda, day.runs, day.cycle, now);
    for (const [key, error] of waiting) deps.log.warn('job_waits', { job: key, error });
  };
