import type { CycleState } from '@catalyst/contracts';
import {
  fromTimeId,
  later,
  newYorkTime,
  toTimeId,
  type Instant,
  type TimeId,
  type TradingHours,
} from '@catalyst/domain';
import { rescanTimes, sessionWindows, type SessionsConfig } from './session-windows.ts';

/** The jobs of a trading day, in the order in which those of one minute run. */
export const jobNames = [
  'collect_news',
  'premarket_scan',
  'market_open',
  'minute',
  'rescan',
  'enter',
  'close_positions',
  'close_retry',
  'report',
  'after_hours_news',
] as const;
export type JobName = (typeof jobNames)[number];

export interface DueJob {
  job: JobName;
  due_at: Instant;
}

/** Names a run among those of its cycle. */
export const runKey = ({ job, due_at }: DueJob): string => `${job}@${due_at}`;

/**
 * An entry of the day's table; its key is kept, since the table is gone through many times a
 * minute.
 */
export interface ScheduledJob extends DueJob {
  key: string;
}

/** When the day is scanned first, by New York's clock. */
export const PREMARKET_SCAN = '08:00';
/** Minutes from the bells. */
export const FIRST_RESCAN_AFTER_OPEN = 5;
export const OPENING_RANGE = 15;
export const LAST_ENTRY_BEFORE_CLOSE = 60;
export const CLOSING_BEFORE_CLOSE = 30;

interface JobRule {
  /** States of the cycle in which the job is due; in others it is nobody's loss. */
  states: readonly CycleState[];
  /**
   * True for a job that belongs to a state: it is due only after the minute in which the state was
   * entered, as often as its turn comes.
   */
  follows_state?: boolean;
  dueAt(hours: TradingHours, sessions: SessionsConfig): TimeId[];
  /** The last instant at which a missed run is still worth catching up. */
  catchUpUntil(hours: TradingHours, due_at: Instant): Instant;
}

const range = (from: TimeId, to: TimeId, every = 1): TimeId[] =>
  Array.from(
    { length: Math.max(0, Math.floor((to - from) / every) + 1) },
    (_, index) => from + index * every,
  );
const within =
  (minutes: number) =>
  (_hours: TradingHours, due_at: Instant): Instant =>
    later(due_at, minutes * 60_000 - 1);
const beforeClose =
  (minutes: number) =>
  (hours: TradingHours): Instant =>
    fromTimeId(hours.close_time_id - minutes);
const wholeDay = (hours: TradingHours): TimeId[] =>
  range(toTimeId(hours.pre_market_open_at) + 1, toTimeId(hours.after_hours_close_at));
const BEFORE_CLOSING = ['scheduled', 'scanning', 'ready', 'trading'] as const;

export const jobRules: Readonly<Record<JobName, JobRule>> = {
  collect_news: {
    states: BEFORE_CLOSING,
    dueAt: (hours) => range(toTimeId(hours.pre_market_open_at), hours.open_time_id - 1, 5),
    catchUpUntil: within(5),
  },
  premarket_scan: {
    states: ['scheduled', 'scanning'],
    dueAt: (hours) => [toTimeId(newYorkTime(hours.trade_date, PREMARKET_SCAN))],
    catchUpUntil: beforeClose(LAST_ENTRY_BEFORE_CLOSE),
  },
  market_open: {
    states: ['scheduled', 'scanning', 'ready'],
    dueAt: (hours) => [hours.open_time_id],
    catchUpUntil: beforeClose(CLOSING_BEFORE_CLOSE),
  },
  minute: {
    states: ['trading'],
    dueAt: (hours) => range(hours.open_time_id + 1, hours.close_time_id - CLOSING_BEFORE_CLOSE),
    catchUpUntil: within(1),
  },
  rescan: {
    states: ['ready', 'trading'],
    dueAt: (hours, sessions) => {
      const windows = sessionWindows(sessions, hours);
      const firstScan = toTimeId(newYorkTime(hours.trade_date, PREMARKET_SCAN));
      const { open_time_id, close_time_id } = hours;
      return [
        // the first scan has looked at what a rescan in its minute would look at
        ...rescanTimes(sessions, windows, firstScan, open_time_id)
          .map(toTimeId)
          .filter((minute) => minute > firstScan),
        ...rescanTimes(
          sessions,
          windows,
          open_time_id + FIRST_RESCAN_AFTER_OPEN,
          close_time_id - CLOSING_BEFORE_CLOSE,
        ).map(toTimeId),
      ];
    },
    catchUpUntil: within(5),
  },
  enter: {
    states: ['trading'],
    dueAt: (hours) =>
      range(hours.open_time_id + OPENING_RANGE, hours.close_time_id - LAST_ENTRY_BEFORE_CLOSE - 1),
    catchUpUntil: within(1),
  },
  close_positions: {
    states: BEFORE_CLOSING,
    dueAt: (hours) => [hours.close_time_id - CLOSING_BEFORE_CLOSE],
    catchUpUntil: (hours) => later(hours.after_hours_close_at, 3_600_000),
  },
  close_retry: {
    states: ['closing'],
    follows_state: true,
    dueAt: wholeDay,
    catchUpUntil: within(5),
  },
  report: { states: ['reporting'], follows_state: true, dueAt: wholeDay, catchUpUntil: within(5) },
  after_hours_news: {
    states: [
      'scheduled',
      'scanning',
      'ready',
      'trading',
      'closing',
      'reporting',
      'closed',
      'failed',
    ],
    dueAt: (hours) => range(hours.close_time_id + 60, toTimeId(hours.after_hours_close_at), 60),
    catchUpUntil: within(30),
  },
};

/** When one job is due on a day, oldest first. */
export const jobTimes = (job: JobName, hours: TradingHours, sessions: SessionsConfig): Instant[] =>
  jobRules[job].dueAt(hours, sessions).map(fromTimeId);

/**
 * Everything that may come due on a day: by time, and within a minute in the order of `jobNames`.
 */
export const dueTimes = (hours: TradingHours, sessions: SessionsConfig): ScheduledJob[] =>
  jobNames
    .flatMap((job, order) =>
      jobTimes(job, hours, sessions).map((due_at) => ({ job, due_at, order })),
    )
    .sort((a, b) => (a.due_at < b.due_at ? -1 : a.due_at > b.due_at ? 1 : a.order - b.order))
    .map(({ job, due_at }) => ({ job, due_at, key: runKey({ job, due_at }) }));

/** Jobs that come so often that a run without anything to tell is of no interest. */
export const routineJobs: ReadonlySet<JobName> = new Set([
  'collect_news',
  'minute',
  'rescan',
  'enter',
  'close_retry',
  'after_hours_news',
]);
