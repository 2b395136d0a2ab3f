import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { later, newYorkTime, nyseCalendarDay, tradingHours, type Instant } from '@catalyst/domain';
import { createLog, systemClock, type Clock } from '@catalyst/service-kit';
import { committedSessions } from '../tests/committed-sessions.ts';
import { dueTimes, runKey } from './domain/schedule.ts';
import { createClockHeartbeat } from './heartbeat.ts';
import { cronOfDay } from './jobs.ts';

const dates = {
  'an ordinary day': '2026-03-24',
  'the half day after Thanksgiving': '2026-11-27',
  'the first session of daylight saving': '2026-03-09',
  'the first session after daylight saving': '2026-11-02',
};
const tableOf = (date: string) => dueTimes(tradingHours(nyseCalendarDay(date)!), committedSessions);
const sorted = (keys: readonly string[]): string[] => keys.toSorted();

/** What node-cron fires by itself, once it is started. */
const startedCron = async (
  date: string,
  ...stands_still_at: string[]
): Promise<{ fired: string[]; missed: number }> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, '../tests/started-cron.ts'),
    date,
    ...stands_still_at,
  ]);
  return JSON.parse(stdout) as { fired: string[]; missed: number };
};

/** A clock that goes from wake to wake. */
const createWakeClock = (start: Instant) => {
  let now = start;
  const wakes = new Set<{ due: Instant; work: () => void | Promise<void> }>();
  const clock: Clock = {
    ...systemClock,
    now: () => now,
    latest: () => now,
    at: (due, work) => {
      const wake = { due, work };
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
  };
  return {
    clock,
    /** Runs what is due up to an instant; `late_ms` is how late each wake comes. */
    runTo: async (end: Instant, late_ms = 0): Promise<void> => {
      for (;;) {
        await Promise.resolve(); // what was added together is armed together
        const [next] = [...wakes].sort((a, b) => (a.due < b.due ? -1 : 1));
        if (!next || next.due > end) return;
        wakes.delete(next);
        now = later(next.due > now ? next.due : now, late_ms);
        await next.work();
      }
    },
  };
};

/** What the beat of an injected clock fires. */
const beaten = async (date: string, late_ms = 0) => {
  const { clock, runTo } = createWakeClock(newYorkTime(date, '03:59'));
  const heartbeat = createClockHeartbeat(clock, createLog('test', 'error'));
  const fired: string[] = [];
  for (const [job, expressions] of cronOfDay(tableOf(date)))
    for (const expression of expressions)
      heartbeat.add(expression, job, async () => {
        fired.push(runKey({ job, due_at: `${clock.now().slice(0, 16)}:00.000Z` }));
      });
  await runTo(newYorkTime(date, '20:10'), late_ms);
  await heartbeat.stop();
  return fired;
};

describe.each(Object.entries(dates))('the heartbeat of %s', (_name, date) => {
  const table = sorted(tableOf(date).map(runKey));

  it('is the job table, where node-cron beats by itself', async () => {
    const { fired, missed } = await startedCron(date);
    expect(sorted(fired)).toEqual(table);
    expect(missed).toBe(0);
  }, 60_000);

  it('is the job table, where an injected clock beats', async () => {
    expect(sorted(await beaten(date))).toEqual(table);
  });
});

it('node-cron fires late where the process stood still at its minute, instead of dropping it', async () => {
  const date = dates['the half day after Thanksgiving'];
  const { fired, missed } = await startedCron(date, '10:00');
  expect(sorted(fired)).toEqual(sorted(tableOf(date).map(runKey)));
  expect(missed).toBe(0);
}, 60_000);

it('the beat of an injected clock makes up for minutes in which it stood still, each task once', async () => {
  const date = dates['an ordinary day'];
  const { clock, runTo } = createWakeClock(newYorkTime(date, '09:40'));
  const heartbeat = createClockHeartbeat(clock, createLog('test', 'error'));
  const fired: string[] = [];
  heartbeat.add('* 9-10 * * *', 'minute', async () => void fired.push(clock.now()));
  await runTo(newYorkTime(date, '09:41'));
  await runTo(newYorkTime(date, '09:42'), 150_000);
  await runTo(newYorkTime(date, '09:45'));
  await heartbeat.stop();
  expect(fired).toEqual(
    ['09:41:00', '09:44:30', '09:45:00'].map((time) =>
      later(newYorkTime(date, time.slice(0, 5)), Number(time.slice(6)) * 1000),
    ),
  );
});
