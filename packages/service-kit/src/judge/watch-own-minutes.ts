import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Alerts } from '../alerts/create-alerts.ts';
import type { Clock, Log } from '@catalyst/runtime';
import { judgeMinute, type Minute } from './judge-minute.ts';

/** What is counted until the next judgement; so many answers are kept of a minute. */
const KEPT = 20_000;
const MINUTE_MS = 60_000;

/** The share of the heap's limit, or of the container's where that is nearer. */
const memoryRatio = (): number => {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const limit = process.constrainedMemory();
  const isLimited = limit > 0 && limit < totalmem();
  return Math.max(
    used_heap_size / heap_size_limit,
    isLimited ? process.memoryUsage.rss() / limit : 0,
  );
};

/** Counts what a service answers. */
export const createAnswerCount = () => {
  let answers: number[] = [];
  let errors = 0;
  return {
    note: (seconds: number, status: number): void => {
      if (answers.length < KEPT) answers.push(seconds);
      if (status >= 500) errors += 1;
    },
    take: (): Pick<Minute, 'answers' | 'errors'> => {
      const taken = { answers, errors };
      answers = [];
      errors = 0;
      return taken;
    },
  };
};
export type AnswerCount = ReturnType<typeof createAnswerCount>;

interface Deps {
  answers: AnswerCount;
  takePoolUse: () => Pick<Minute, 'statements' | 'waited'>;
  alerts: Pick<Alerts, 'raise'>;
  clock: Pick<Clock, 'hold'>;
  log: Log;
}

/**
 * Judges each minute of the service itself, by the wall, and raises what a person should know; the
 * alert's own rules keep it from being told each minute.
 */
export const watchOwnMinutes = ({ answers, takePoolUse, alerts, clock, log }: Deps) => {
  const judge = async (): Promise<void> => {
    const { run, release } = clock.hold();
    try {
      const minute = { ...answers.take(), ...takePoolUse(), memory_ratio: memoryRatio() };
      for (const draft of judgeMinute(minute)) await run(() => alerts.raise(draft));
    } catch (error) {
      log.warn('minute_not_judged', { error });
    } finally {
      release();
    }
  };
  const timer = setInterval(() => void judge(), MINUTE_MS).unref();
  return { judge, stop: () => clearInterval(timer) };
};
