import { inNewYork, nyseCalendarDay, sessionAt, tradingHours } from '@catalyst/domain';
import { inContext, type Clock, type Hold, type Log } from '@catalyst/service-kit';
import type { ScheduledTask } from 'node-cron';
import { cronExpressions } from './domain/cron-expressions.ts';
import { failedJobs, lateJobs } from './domain/late-jobs.ts';
import { jobNames, type DueJob, type JobName } from './domain/schedule.ts';
import type { RunLiveDay } from './flows/run-live-day.ts';
import type { Heartbeat } from './heartbeat.ts';

/**
 * Looks whether the day's cycle is there: at 04:00, and again every five minutes where something
 * was in the way. On a closed day it has nothing to do.
 */
export const OPENING_CRON = '*/5 * * * *';

/** Each minute while the exchange may be open: shares bought on a day without a cycle need one soon. */
const HELD_CRON = '* 9-15 * * 1-5';

const NO_CYCLE = 'no cycle today';
/** So long a desk that has just started may have none. */
const STARTING_MS = 120_000;

/** The cron expressions of each job of a day, in New York's time. */
export const cronOfDay = (schedule: readonly DueJob[]): Map<JobName, string[]> =>
  new Map(
    jobNames.map((job) => [
      job,
      cronExpressions(schedule.filter((entry) => entry.job === job).map(({ due_at }) => due_at)),
    ]),
  );

interface Deps {
  day: RunLiveDay;
  clock: Clock;
  log: Log;
  heartbeat: Heartbeat;
}

/**
 * The schedule of a live desk: its heartbeat fires at the minutes of the job table, and the table
 * decides what is due.
 */
export const createSchedule = ({ day, clock, log, heartbeat }: Deps) => {
  let tasks: ScheduledTask[] = [];
  let date: string | null = null;
  let stopped = false;

  const started_at = clock.now();
  const clockOf = ({ due_at }: DueJob): string => inNewYork(due_at).clock;
  /** Jobs of today that should have ended; the market's work, so on the desk's clock. */
  const late = (): DueJob[] => {
    const today = day.lastKnown();
    const now = clock.latest();
    return today?.cycle.trade_date === inNewYork(now).date ? lateJobs(today, started_at, now) : [];
  };

  const isWithoutCycle = (): boolean =>
    date !== inNewYork(clock.latest()).date && day.closedToday() === null;
  /** By the exchange's own rules, since it is asked where nothing else is known. */
  const isSession = (): boolean => {
    const now = clock.latest();
    const trading = nyseCalendarDay(inNewYork(now).date);
    return (
      trading !== null &&
      Date.parse(now) - Date.parse(started_at) > STARTING_MS &&
      sessionAt(tradingHours(trading), now) === 'regular'
    );
  };

  const running = new Set<Promise<void>>();
  let hold: Hold | null = null;
  const fire = (name: string, work: () => Promise<void>) => async (): Promise<void> => {
    if (stopped) return;
    // one hold for all: who waits for its turn behind one that sleeps does not work
    hold ??= clock.hold();
    const run = hold
      .run(() => inContext({ caller: 'schedule' }, work))
      .catch((error: unknown) => void log.error('schedule_failed', { task: name, error }));
    running.add(run);
    await run;
    running.delete(run);
    if (running.size > 0) return;
    hold?.release();
    hold = null;
  };
  const add = (expression: string, name: string, work: () => Promise<void>): ScheduledTask =>
    heartbeat.add(expression, name, fire(name, work));

  const arrange = async (): Promise<void> => {
    const today = await day.ensureToday();
    if (!today || stopped || date === today.cycle.trade_date) return;
    date = today.cycle.trade_date;
    for (const old of tasks) await old.destroy();
    tasks = [...cronOfDay(today.schedule)].flatMap(([job, expressions]) =>
      expressions.map((expression) => add(expression, job, day.runDue)),
    );
    log.info('day_arranged', { trade_date: date, tasks: tasks.length });
  };
  const open = async (): Promise<void> => {
    await arrange();
    await day.runDue();
    await day.scanLastSession();
  };
  const openForHeld = async (): Promise<void> => {
    if (date === inNewYork(clock.now()).date) return;
    await arrange();
    await day.runDue();
  };
  return {
    /** Begins with what is due already; a desk that was away resumes where it was. */
    start: (): void => {
      add(OPENING_CRON, 'open_cycle', open);
      add(HELD_CRON, 'open_for_held', openForHeld);
      void fire('resume', async () => {
        await arrange();
        await day.resume();
        await day.scanLastSession();
      })();
    },
    /** Arranges today's jobs after a person opened the cycle. */
    arrange,
    /** Ends the schedule; what is at hand is finished first. */
    stop: async (): Promise<void> => {
      stopped = true;
      await heartbeat.stop();
      await Promise.all(running);
    },
    /** The watch over positions, limits and triggers that does not happen. */
    failures: (): string[] => [
      ...(isWithoutCycle() && isSession() ? [NO_CYCLE] : []),
      ...late()
        .filter(({ job }) => job === 'minute')
        .map((job) => `no minute has been watched since ${clockOf(job)} New York`),
    ],
    /** Why nothing may happen today though it should, and what did not. */
    faults: (): string[] => [
      ...(isWithoutCycle() && !isSession() ? [NO_CYCLE] : []),
      ...late()
        .filter(({ job }) => job !== 'minute')
        .map((job) => `${job.job}, due at ${clockOf(job)} New York, is not done`),
      ...failedJobs(day.lastKnown() ?? { schedule: [], runs: new Map() }, clock.latest()).map(
        (job) => `${job.job}, due at ${clockOf(job)} New York, failed`,
      ),
      ...(heartbeat.missed() > 0
        ? [`the process stood still: ${heartbeat.missed()} fires of its schedule were missed`]
        : []),
    ],
    /** Why nothing happens today, as it should be. */
    remark: (): string | null =>
      date === inNewYork(clock.latest()).date ? null : day.closedToday(),
  };
};
