import { AppError, messageOf } from '@catalyst/service-kit';
import { runKey, type DueJob } from '../domain/schedule.ts';
import {
  endRun,
  endRunAndFindUnread,
  insertRunning,
  insertStep,
  listSteps,
} from '../store/job-runs.ts';
import type { Unread } from '../store/signals.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { stageAlert } from './raise-alert.ts';

/** What a job's body works with: its place in the day, and steps whose results outlive a crash. */
export interface JobScope extends DueJob {
  day: CycleDay;
  /**
   * Does `work` once: its result is kept before the job goes on, and a run that was interrupted
   * finds it again instead of deciding anew.
   * `isWorthKeeping` spares the row where a result says that there was nothing to decide; such work must not have an effect.
   */
  step<T>(
    name: string,
    work: () => Promise<T>,
    isWorthKeeping?: (result: T) => boolean,
  ): Promise<T>;
  /** Kept with the run, for whoever reads the day. */
  note(text: string): void;
}

export type JobBody = (scope: JobScope) => Promise<void>;

/**
 * True for a failure that may pass by itself, so that the job is left where it is and taken up
 * again.
 */
export const mayPass = (error: unknown): boolean => error instanceof AppError && error.retryable;

/**
 * Runs a job that is due, or takes an interrupted one up again. What cannot pass by itself ends the
 * run as failed, with an alert; what may is thrown and leaves the run open. Where it is done, it
 * answers what of trading's and risk's logs is unread by then, which is asked after every job.
 */
export const runJob = async (
  deps: FlowDeps,
  day: CycleDay,
  entry: DueJob,
  body: JobBody,
): Promise<Unread | undefined> => {
  const { database, clock, log } = deps;
  const { cycle_id } = day.cycle;
  const key = runKey(entry);
  const startedAt = clock.now();
  const kept =
    day.runs.get(key) === 'running'
      ? await listSteps(database, cycle_id, entry)
      : new Map<string, unknown>();
  const notes: string[] = [];

  // a job that decides nothing costs one row at its end; one that does says first that it began
  const begin = async (): Promise<void> => {
    if (day.runs.get(key) === 'running') return;
    await insertRunning(database, cycle_id, entry, startedAt);
    day.runs.set(key, 'running');
  };

  const scope: JobScope = {
    ...entry,
    day,
    step: async (name, work, isWorthKeeping) => {
      if (kept.has(name)) return kept.get(name) as Awaited<ReturnType<typeof work>>;
      if (!isWorthKeeping) await begin();
      // as it will be read again, so that a resumed run sees exactly what this one saw
      const result = JSON.parse(JSON.stringify((await work()) ?? null)) as Awaited<
        ReturnType<typeof work>
      >;
      if (!isWorthKeeping || isWorthKeeping(result)) {
        await begin();
        await insertStep(database, cycle_id, entry, name, result);
      }
      kept.set(name, result);
      return result;
    },
    note: (text) => notes.push(text),
  };

  try {
    await body(scope);
  } catch (error) {
    if (mayPass(error)) {
      await begin();
      throw error;
    }
    const message = messageOf(error);
    log.error('job_failed', { job: entry.job, due_at: entry.due_at, error });
    await database.transaction(async (tx) => {
      await endRun(tx, cycle_id, entry, 'failed', message, startedAt, clock.now());
      stageAlert(tx, deps, cycle_id, {
        severity: 'critical',
        code: 'JOB_FAILED',
        message: `${entry.job} due at ${entry.due_at} failed: ${message}`,
        subject: entry.job,
        details: { job: entry.job, due_at: entry.due_at },
      });
    });
    day.runs.set(key, 'failed');
    return undefined;
  }
  const note = notes.join('; ') || null;
  const unread = await endRunAndFindUnread(database, cycle_id, entry, note, startedAt, clock.now());
  day.runs.set(key, 'done');
  return unread;
};
