import { fromTimeId, NEW_YORK, toTimeId, type TimeId } from '@catalyst/domain';
import type { Clock, Log } from '@catalyst/service-kit';
import { createTask, type Logger, type ScheduledTask, type TaskOptions } from 'node-cron';

/** Fires tasks at the minutes of their cron expressions, in New York's time. */
export interface Heartbeat {
  /** A task that is still at work when it is due again is not started a second time. */
  add(expression: string, name: string, work: () => Promise<void>): ScheduledTask;
  /** Fires that never happened, since the process stood still over their whole minute. */
  missed(): number;
  stop(): Promise<void>;
}

/** A late fire is still worth having: the job table decides what is too late. */
const MINUTE_MS = 60_000;
const LATE_AT_MOST_MS = MINUTE_MS - 1;

const loggerOf = (log: Log): Logger => ({
  debug: (message) => log.debug('cron', { message: String(message) }),
  info: (message) => log.debug('cron', { message }),
  warn: (message) => log.warn('cron', { message }),
  error: (message, error) => log.error('cron', { message: String(message), error }),
});

/** node-cron's own heartbeat, by the system's time. */
export const createCronHeartbeat = (log: Log): Heartbeat => {
  const tasks = new Set<ScheduledTask>();
  let missed = 0;
  const options: TaskOptions = {
    timezone: NEW_YORK,
    noOverlap: true,
    missedExecutionTolerance: LATE_AT_MOST_MS,
    logger: loggerOf(log),
  };
  return {
    add: (expression, name, work) => {
      const task = createTask(expression, work, { ...options, name });
      task.on('execution:missed', () => void (missed += 1));
      tasks.add(task);
      task.on('task:destroyed', () => void tasks.delete(task));
      void task.start();
      return task;
    },
    missed: () => missed,
    stop: async () => {
      for (const task of [...tasks]) await task.destroy();
    },
  };
};

/** How far ahead the next fire is looked for before the beat looks anew. */
const LOOK_AHEAD_MINUTES = 60;

/**
 * The same tasks by an injected clock, whose time a rehearsal moves: expressions, zone and daylight
 * saving stay node-cron's, only its timer is replaced.
 */
export const createClockHeartbeat = (clock: Clock, log: Log): Heartbeat => {
  const works = new Map<ScheduledTask, () => Promise<void>>();
  const busy = new Set<ScheduledTask>();
  /** The last minute whose fires have been made. */
  let last = toTimeId(clock.now());
  let stopped = false;
  let disarm = (): void => {};

  const isDue = (task: ScheduledTask, minute: TimeId): boolean =>
    task.match(new Date(fromTimeId(minute)));
  /** The next minute at which something is due, or the last that was looked at. */
  const next = (): TimeId => {
    let minute = last + 1;
    while (
      minute < last + LOOK_AHEAD_MINUTES &&
      ![...works.keys()].some((task) => isDue(task, minute))
    )
      minute += 1;
    return minute;
  };
  const fire = async (task: ScheduledTask): Promise<void> => {
    const work = works.get(task);
    if (!work || busy.has(task)) return;
    busy.add(task);
    await work().finally(() => busy.delete(task));
  };
  /** Fires what became due: each task once, since one look at the table does all that is due. */
  const beat = (): void => {
    const now = toTimeId(clock.now());
    const due = [...works.keys()].filter((task) => {
      for (let minute = last + 1; minute <= now; minute += 1) if (isDue(task, minute)) return true;
      return false;
    });
    last = now;
    arm();
    // what is fired holds the clock for itself
    for (const task of due) void fire(task);
  };
  const arm = (): void => {
    disarm();
    if (!stopped) disarm = clock.at(fromTimeId(next()), beat);
  };

  let isArming = false;
  /** Once for all that are added together. */
  const armSoon = (): void => {
    if (isArming) return;
    isArming = true;
    queueMicrotask(() => {
      isArming = false;
      arm();
    });
  };

  return {
    add: (expression, name, work) => {
      const task = createTask(expression, () => {}, {
        timezone: NEW_YORK,
        name,
        logger: loggerOf(log),
      });
      works.set(task, work);
      task.on('task:destroyed', () => void works.delete(task));
      armSoon();
      return task;
    },
    missed: () => 0,
    stop: async () => {
      stopped = true;
      disarm();
    },
  };
};
