import { describe, expect, it } from '@jest/globals';
import {
  nyseCalendarDay,
  tradingHours,
  newYorkTime,
  type Instant,
  type TradingHours,
} from '@catalyst/domain';
import { createTask } from 'node-cron';
import { committedSessions } from '../../tests/committed-sessions.ts';
import { cronOfDay } from '../jobs.ts';
import { dueTimes, jobNames, jobTimes, type JobName } from './schedule.ts';

const hoursOn = (date: string): TradingHours => tradingHours(nyseCalendarDay(date)!);
const days = {
  'an ordinary day in winter time': '2026-02-10',
  'the first session of daylight saving': '2026-03-09',
  'the first session after daylight saving': '2026-11-02',
  'the half day after Thanksgiving': '2026-11-27',
};

/**
 * Every minute of New York's date at which one of the expressions fires, as node-cron itself sees
 * it.
 */
const firings = (date: string, expressions: readonly string[]): Instant[] => {
  const tasks = expressions.map((expression) =>
    createTask(expression, () => {}, { timezone: 'America/New_York' }),
  );
  const start = Date.parse(newYorkTime(date, '00:00'));
  const fired: Instant[] = [];
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    const at = new Date(start + minute * 60_000);
    if (tasks.some((task) => task.match(at))) fired.push(at.toISOString());
  }
  for (const task of tasks) void task.destroy();
  return fired;
};

/** The day as a person would write it into a crontab. */
const byHand: Record<'whole' | 'half', Partial<Record<JobName, string[]>>> = {
  whole: {
    collect_news: ['*/5 4-8 * * 1-5', '0-25/5 9 * * 1-5'],
    premarket_scan: ['0 8 * * 1-5'],
    market_open: ['30 9 * * 1-5'],
    minute: ['31-59 9 * * 1-5', '* 10-14 * * 1-5', '0-30 15 * * 1-5'],
    rescan: [
      '5-55/5 8 * * 1-5',
      '0-25/5 9 * * 1-5',
      '35-55/5 9 * * 1-5',
      '*/5 10 * * 1-5',
      '0-25/5 11 * * 1-5',
      '30,45 11 * * 1-5',
      '*/15 12 * * 1-5',
      '0,15 13 * * 1-5',
      '30-55/5 13 * * 1-5',
      '*/5 14 * * 1-5',
    ],
    enter: ['45-59 9 * * 1-5', '* 10-14 * * 1-5'],
    close_positions: ['30 15 * * 1-5'],
    after_hours_news: ['0 17-20 * * 1-5'],
  },
  half: {
    collect_news: ['*/5 4-8 * * 1-5', '0-25/5 9 * * 1-5'],
    premarket_scan: ['0 8 * * 1-5'],
    market_open: ['30 9 * * 1-5'],
    minute: ['31-59 9 * * 1-5', '* 10-11 * * 1-5', '0-30 12 * * 1-5'],
    rescan: ['5-55/5 8 * * 1-5', '0-25/5 9 * * 1-5', '35-55/5 9 * * 1-5', '*/5 10-11 * * 1-5'],
    enter: ['45-59 9 * * 1-5', '* 10-11 * * 1-5'],
    close_positions: ['30 12 * * 1-5'],
    after_hours_news: ['0 14-17 * * 1-5'],
  },
};

describe('the schedule of a trading day', () => {
  for (const [name, date] of Object.entries(days)) {
    const hours = hoursOn(date);
    const cron = cronOfDay(dueTimes(hours, committedSessions));
    it.each(jobNames)(
      `fires by node-cron at exactly the minutes of the job table on ${name}: %s`,
      (job) => {
        expect(firings(date, cron.get(job)!)).toEqual(jobTimes(job, hours, committedSessions));
      },
    );
    it(`is the one that was meant on ${name}`, () => {
      for (const [job, expressions] of Object.entries(
        byHand[hours.is_half_day ? 'half' : 'whole'],
      )) {
        expect({ job, at: jobTimes(job as JobName, hours, committedSessions) }).toEqual({
          job,
          at: firings(date, expressions),
        });
      }
    });
  }

  it('fires on no other date', () => {
    const cron = [...cronOfDay(dueTimes(hoursOn('2026-03-24'), committedSessions)).values()].flat();
    expect(firings('2026-03-25', cron)).toEqual([]);
    expect(firings('2026-04-24', cron)).toEqual([]);
  });

  it('runs the jobs of one minute in a fixed order', () => {
    const at = newYorkTime('2026-03-24', '10:00');
    const jobs = dueTimes(hoursOn('2026-03-24'), committedSessions)
      .filter(({ due_at }) => due_at === at)
      .map(({ job }) => job);
    expect(jobs).toEqual(['minute', 'rescan', 'enter', 'close_retry', 'report']);
  });

  it('is in the order of time and names nothing twice', () => {
    const schedule = dueTimes(hoursOn('2026-11-27'), committedSessions);
    expect(schedule.map(({ due_at }) => due_at)).toEqual(
      schedule.map(({ due_at }) => due_at).sort(),
    );
    expect(new Set(schedule.map(({ job, due_at }) => `${job}@${due_at}`)).size).toBe(
      schedule.length,
    );
  });

  it('enters nothing in the opening range and nothing in the last hour, on whole and half days', () => {
    for (const date of Object.values(days)) {
      const hours = hoursOn(date);
      const times = jobTimes('enter', hours, committedSessions);
      expect(Date.parse(times[0]!) - Date.parse(hours.open_at)).toBe(15 * 60_000);
      expect(Date.parse(hours.close_at) - Date.parse(times.at(-1)!)).toBe(61 * 60_000);
    }
  });
});
