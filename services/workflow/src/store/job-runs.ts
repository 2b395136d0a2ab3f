import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';
import type { RunState } from '../domain/agenda.ts';
import type { DueJob, JobName } from '../domain/schedule.ts';
import { UNREAD, type Unread } from './signals.ts';

export interface JobRun extends DueJob {
  state: RunState;
  note: string | null;
  started_at: Instant;
  ended_at: Instant | null;
}

export const listRuns = (db: Queryable, cycle_id: string): Promise<JobRun[]> =>
  db.query<JobRun & { job: JobName }>(
    `SELECT job, due_at, state, note, started_at, ended_at FROM job_runs WHERE cycle_id = $1
     ORDER BY due_at, job`,
    [cycle_id],
  );

export const insertRunning = async (
  db: Queryable,
  cycle_id: string,
  { job, due_at }: DueJob,
  at: Instant,
): Promise<void> => {
  await db.query(
    `INSERT INTO job_runs (cycle_id, job, due_at, state, started_at)
     VALUES ($1, $2, $3, 'running', $4) ON CONFLICT DO NOTHING`,
    [cycle_id, job, due_at, at],
  );
};

const END_RUN = `INSERT INTO job_runs AS runs
       (cycle_id, job, due_at, state, note, started_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (cycle_id, job, due_at) DO UPDATE
     SET state = excluded.state, note = excluded.note, ended_at = excluded.ended_at
     WHERE runs.state = 'running'`;

/** Records how a run ended; one that ended before keeps its end. */
export const endRun = async (
  db: Queryable,
  cycle_id: string,
  { job, due_at }: DueJob,
  state: 'done' | 'failed',
  note: string | null,
  started_at: Instant,
  at: Instant,
): Promise<void> => {
  await db.query(END_RUN, [cycle_id, job, due_at, state, note, started_at, at]);
};

/** Records that a run is done, and says what the log of signals has not read by then. */
export const endRunAndFindUnread = async (
  db: Queryable,
  cycle_id: string,
  { job, due_at }: DueJob,
  note: string | null,
  started_at: Instant,
  at: Instant,
): Promise<Unread> => {
  const [row] = await db.query<Unread>(`WITH ended AS (${END_RUN}) ${UNREAD}`, [
    cycle_id,
    job,
    due_at,
    'done',
    note,
    started_at,
    at,
  ]);
  return row!;
};

/** Records missed runs, all in one statement. */
export const insertSkipped = async (
  db: Queryable,
  cycle_id: string,
  missed: readonly (DueJob & { note: string | null })[],
  at: Instant,
): Promise<void> => {
  await db.query(
    `INSERT INTO job_runs (cycle_id, job, due_at, state, note, started_at, ended_at)
     SELECT $1, m.job, m.due_at, 'skipped', m.note, $5, $5
     FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS m(job, due_at, note)
     ON CONFLICT DO NOTHING`,
    [
      cycle_id,
      missed.map(({ job }) => job),
      missed.map(({ due_at }) => due_at),
      missed.map(({ note }) => note),
      at,
    ],
  );
};

export const listSteps = async (
  db: Queryable,
  cycle_id: string,
  { job, due_at }: DueJob,
): Promise<Map<string, unknown>> => {
  const rows = await db.query<{ step: string; result: unknown }>(
    'SELECT step, result FROM job_steps WHERE cycle_id = $1 AND job = $2 AND due_at = $3',
    [cycle_id, job, due_at],
  );
  return new Map(rows.map(({ step, result }) => [step, result]));
};

export const insertStep = async (
  db: Queryable,
  cycle_id: string,
  { job, due_at }: DueJob,
  step: string,
  result: unknown,
): Promise<void> => {
  await db.query(
    `INSERT INTO job_steps (cycle_id, job, due_at, step, result) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [cycle_id, job, due_at, step, JSON.stringify(result)],
  );
};

/** The last result of a step of this name in a cycle, whichever job took it. */
export const findLatestStep = async (
  db: Queryable,
  cycle_id: string,
  step: string,
): Promise<unknown> => {
  const [row] = await db.query<{ result: unknown }>(
    `SELECT result FROM job_steps WHERE cycle_id = $1 AND step = $2
     ORDER BY due_at DESC, job DESC LIMIT 1`,
    [cycle_id, step],
  );
  return row?.result ?? null;
};
