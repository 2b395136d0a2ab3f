import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CycleState } from '@catalyst/contracts';
import { later, newYorkTime, nyseCalendarDay, tradingHours } from '@catalyst/domain';
import { committedSessions } from '../../tests/committed-sessions.ts';
import { dueJobs, leftOf, nextInstant, type Runs, type RunState } from './agenda.ts';
import { dueTimes, runKey, type JobName } from './schedule.ts';

const date = '2026-03-24';
const at = (clock: string): string => newYorkTime(date, clock);
const hours = tradingHours(nyseCalendarDay(date)!);
const schedule = dueTimes(hours, committedSessions);
const cycle = (state: CycleState, since: string) => ({ state, updated_at: at(since) });
const done = (clock: string, except: readonly string[] = []): Runs => {
  const until = at(clock);
  return new Map(
    schedule
      .filter(({ due_at }) => due_at <= until)
      .map((entry) => [runKey(entry), 'done' as RunState] as const)
      .filter(([name]) => !except.includes(name)),
  );
};
const short = (items: ReturnType<typeof dueJobs>) =>
  items.map(({ job, due_at, act }) => `${act} ${job} ${due_at.slice(11, 16)}`);
const key = (job: JobName, clock: string): string => runKey({ job, due_at: at(clock) });

describe('the agenda', () => {
  it('has the first collection at 04:00 and then moves from one due minute to the next', () => {
    expect(nextInstant(schedule, new Map(), cycle('scheduled', '04:00'), at('04:00'))).toBe(
      at('04:00'),
    );
    expect(nextInstant(schedule, done('04:00'), cycle('scheduled', '04:00'), at('04:00'))).toBe(
      at('04:05'),
    );
    expect(nextInstant(schedule, done('15:00'), cycle('trading', '09:30'), at('15:00'))).toBe(
      at('15:01'),
    );
  });
  it('has nothing for the closing minutes while the cycle trades, and each minute after it began to close', () => {
    expect(nextInstant(schedule, done('15:30'), cycle('closing', '15:30'), at('15:30'))).toBe(
      at('15:31'),
    );
    expect(nextInstant(schedule, done('15:31'), cycle('reporting', '15:31'), at('15:31'))).toBe(
      at('15:32'),
    );
    expect(nextInstant(schedule, done('15:32'), cycle('closed', '15:32'), at('15:32'))).toBe(
      at('17:00'),
    );
    expect(nextInstant(schedule, done('20:00'), cycle('closed', '15:32'), at('20:00'))).toBeNull();
  });
  it('closes a day that a person stopped at once, without the jobs of trading', () => {
    expect(nextInstant(schedule, done('11:00'), cycle('closing', '11:00'), at('11:00'))).toBe(
      at('11:01'),
    );
    expect(
      short(dueJobs(schedule, done('11:00'), cycle('closing', '11:00'), hours, at('11:01'))),
    ).toEqual(['run close_retry 15:01']);
  });
  it('takes up an interrupted job before what comes after it', () => {
    const runs = new Map([
      ...done('10:00', [key('enter', '10:00')]),
      [key('enter', '10:00'), 'running' as RunState] as const,
    ]);
    expect(nextInstant(schedule, runs, cycle('trading', '09:30'), at('10:00'))).toBe(at('10:00'));
    expect(short(dueJobs(schedule, runs, cycle('trading', '09:30'), hours, at('10:00')))).toEqual([
      'run enter 14:00',
    ]);
  });
  it('gives an interrupted entry up after two minutes, since prices have moved', () => {
    const runs = new Map([
      ...done('10:02', [key('enter', '10:00')]),
      [key('enter', '10:00'), 'running' as RunState] as const,
    ]);
    expect(short(dueJobs(schedule, runs, cycle('trading', '09:30'), hours, at('10:02')))).toEqual([
      'run enter 14:00',
    ]);
    expect(
      short(dueJobs(schedule, runs, cycle('trading', '09:30'), hours, later(at('10:02'), 1000))),
    ).toEqual(['give_up enter 14:00']);
  });
  it('runs only the last of several missed minutes and says so of the others', () => {
    const items = dueJobs(
      schedule,
      done('11:00'),
      cycle('trading', '09:30'),
      hours,
      later(at('11:04'), 5000),
    );
    expect(short(items.filter(({ job }) => job === 'minute'))).toEqual([
      'skip minute 15:01',
      'skip minute 15:02',
      'skip minute 15:03',
      'run minute 15:04',
    ]);
    expect(items[0]!.note).toBe(`missed; the run due at ${at('11:04')} does its work`);
  });
  it('skips an entry that is more than a minute late, and says how late it was', () => {
    const runs = done('14:58');
    expect(
      short(
        dueJobs(
          schedule,
          runs,
          cycle('trading', '09:30'),
          hours,
          later(at('14:59'), 59_000),
        ).filter(({ job }) => job === 'enter'),
      ),
    ).toEqual(['run enter 18:59']);
    const late = dueJobs(schedule, runs, cycle('trading', '09:30'), hours, at('15:09')).filter(
      ({ job }) => job === 'enter',
    );
    expect(late).toEqual([
      { job: 'enter', due_at: at('14:59'), act: 'skip', note: 'missed: 10 min late' },
    ]);
  });
  it.each<[JobName, CycleState, string, string, 'run' | 'skip']>([
    ['premarket_scan', 'scheduled', '08:00', '08:30', 'run'],
    ['premarket_scan', 'scheduled', '08:00', '15:00', 'run'],
    ['premarket_scan', 'scheduled', '08:00', '15:01', 'skip'],
    ['market_open', 'ready', '09:30', '15:30', 'run'],
    ['market_open', 'ready', '09:30', '15:31', 'skip'],
    ['close_positions', 'trading', '15:30', '19:59', 'run'],
    ['collect_news', 'ready', '09:25', '09:29', 'run'],
    ['collect_news', 'ready', '09:25', '09:30', 'skip'],
    ['after_hours_news', 'closed', '20:00', '20:29', 'run'],
    ['after_hours_news', 'closed', '20:00', '20:30', 'skip'],
  ])('a %s that the cycle (%s) missed at %s is at %s: %s', (job, state, due, now, act) => {
    const item = dueJobs(
      schedule,
      done(now, [key(job, due)]),
      cycle(state, '04:00'),
      hours,
      at(now),
    ).find((entry) => entry.job === job);
    expect(item?.act).toBe(act);
  });
  it('catches up a desk that was switched on in mid-day in the order of the day', () => {
    const items = dueJobs(
      schedule,
      new Map(),
      cycle('scheduled', '11:02'),
      hours,
      later(at('11:02'), 10),
    );
    expect(short(items.filter(({ act }) => act === 'run'))).toEqual([
      'run premarket_scan 12:00',
      'run market_open 13:30',
    ]);
    expect(
      items.filter(({ act }) => act === 'skip').every(({ job }) => job === 'collect_news'),
    ).toBe(true);
  });

  it('is the same from what is left of the day as from the whole of it, whatever became of its jobs', () => {
    const states = ['scheduled', 'ready', 'trading', 'closing', 'reporting', 'closed'] as const;
    const minute = fc.integer({ min: 0, max: 16 * 60 });
    const clock = (minutes: number): string => later(at('04:00'), minutes * 60_000);
    fc.assert(
      fc.property(
        fc.array(minute, { minLength: 3, maxLength: 3 }),
        fc.constantFrom(...states),
        fc.constantFrom(...states),
        fc.array(fc.constantFrom<RunState | null>('done', 'failed', 'skipped', 'running', null), {
          minLength: 7,
          maxLength: 7,
        }),
        (minutes, before, after, fates) => {
          const [began, now, next] = minutes.toSorted((a, b) => a - b).map(clock) as [
            string,
            string,
            string,
          ];
          const runs = new Map<string, RunState>();
          schedule.forEach((entry, index) => {
            const fate = fates[index % fates.length];
            if (entry.due_at <= now && fate) runs.set(entry.key, fate);
          });
          const standing = { state: before, updated_at: began };
          const left = leftOf(schedule, runs, standing, now);
          // the cycle stays in its state, or moves on at some instant from now on
          for (const then of [standing, { state: after, updated_at: now }]) {
            if (states.indexOf(then.state) < states.indexOf(before)) continue;
            expect(dueJobs(left, runs, then, hours, next)).toEqual(
              dueJobs(schedule, runs, then, hours, next),
            );
            expect(nextInstant(left, runs, then, now)).toBe(nextInstant(schedule, runs, then, now));
          }
        },
      ),
    );
  });
});
