import { describe, expect, it } from '@jest/globals';
import { newYorkTime, nyseCalendarDay, tradingHours } from '@catalyst/domain';
import { committedSessions } from '../../tests/committed-sessions.ts';
import type { RunState } from './agenda.ts';
import { failedJobs, lateJobs } from './late-jobs.ts';
import { dueTimes, runKey } from './schedule.ts';

const date = '2026-03-24';
const at = (clock: string): string => newYorkTime(date, clock);
const hours = tradingHours(nyseCalendarDay(date)!);
const schedule = dueTimes(hours, committedSessions);
const standing = (done_until: string, failed: readonly string[] = []) => ({
  cycle: { state: 'trading' as const, updated_at: at('09:30') },
  hours,
  schedule,
  agenda: schedule,
  runs: new Map(
    schedule
      .filter(({ due_at }) => due_at <= at(done_until))
      .map((entry): [string, RunState] => [
        runKey(entry),
        failed.includes(`${entry.job} ${entry.due_at}`) ? 'failed' : 'done',
      ]),
  ),
});
const late = (done_until: string, now: string, since = '04:00') =>
  lateJobs(standing(done_until), at(since), at(now)).map(
    ({ job, due_at }) => `${job} ${due_at.slice(11, 16)}`,
  );

describe('the outcomes of jobs', () => {
  it('are late two minutes after one was due and had not ended, each job once', () => {
    expect(late('10:01', '10:03')).toEqual([]);
    expect(late('10:01', '10:04')).toEqual(['minute 14:02', 'enter 14:02']);
    expect(late('10:01', '10:30')).toContain('minute 14:02');
    expect(late('10:01', '10:30').filter((job) => job.startsWith('minute'))).toHaveLength(1);
  });
  it('count from when the desk was there to do them', () => {
    expect(late('10:01', '10:30', '10:29')).toEqual([]);
  });
  it('are failed as long as the last run of a job that ended had failed', () => {
    const failed = [`minute ${at('10:03')}`];
    expect(failedJobs(standing('10:03', failed), at('10:05'))).toEqual([
      { job: 'minute', due_at: at('10:03'), has_failed: true },
    ]);
    expect(failedJobs(standing('10:04', failed), at('10:05'))).toEqual([]);
  });
});
