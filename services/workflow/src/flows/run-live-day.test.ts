import { describe, expect, it } from '@jest/globals';
import { later, newYorkTime, nyseCalendarDay, type CalendarDay } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { FlowDeps } from './flow-deps.ts';
import { createRunLiveDay } from './run-live-day.ts';

/** A desk whose broker answers from `calendar`, with what it asked and wrote. */
const startDesk = (calendar: (date: string) => CalendarDay | null | 'away') => {
  let now = '';
  let opened: string | null = null;
  const seen = { looks: [] as string[], lines: [] as string[], failures: 0 };
  let passes = 0;
  let work = Promise.resolve();
  const write = (level: string) => (event: string) => void seen.lines.push(`${level} ${event}`);
  const nextAfter = (date: string): CalendarDay => {
    for (let days = 1; ; days += 1) {
      const day = calendar(later(`${date}T12:00:00.000Z`, days * 86_400_000).slice(0, 10));
      if (day && day !== 'away') return day;
    }
  };
  const deps = {
    run_id: 'run',
    clock: { now: () => now, latest: () => now },
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    bus: { changeStanding: async () => {} },
    inTurn: (work: () => unknown) => work(),
    book: {
      on: async (date: string) => (opened === date ? { cycle: { trade_date: date } } : null),
    },
    database: {
      query: async () => [],
      transaction: async () => {
        opened = seen.looks.at(-1)!;
        return true;
      },
    },
    technical: {
      syncReference: async ({ body: { trade_date } }: { body: { trade_date: string } }) => {
        seen.looks.push(trade_date);
        const trading_day = calendar(trade_date);
        if (trading_day === 'away') throw new AppError('VENDOR_UNAVAILABLE', 'no answer');
        return { trading_day, next_trading_day: nextAfter(trade_date) };
      },
    },
  } as unknown as FlowDeps;
  const day = createRunLiveDay(deps, {
    defaults: { session_mode: 'autonomous', universe_size: 100 },
    runDueJobs: () => {
      passes += 1;
      return work;
    },
  });
  return {
    seen,
    /** Every five minutes, as the schedule looks. */
    live: async (fromDate: string, from: string, toDate: string, to: string): Promise<void> => {
      for (
        now = newYorkTime(fromDate, from);
        now <= newYorkTime(toDate, to);
        now = later(now, 300_000)
      )
        await day.ensureToday().catch(() => void (seen.failures += 1));
    },
    /** So many tasks of a minute fire; resolves with how many passes over the table they were. */
    fire: async (date: string, tasks: number, whileRunning: number): Promise<number> => {
      now = newYorkTime(date, '10:00');
      const running = Promise.withResolvers<void>();
      work = running.promise;
      const fired = Array.from({ length: tasks }, day.runDue);
      await new Promise(setImmediate);
      fired.push(...Array.from({ length: whileRunning }, day.runDue));
      running.resolve();
      await Promise.all(fired);
      return passes;
    },
    closedAt: (date: string, clock: string): string | null => {
      now = newYorkTime(date, clock);
      return day.closedToday();
    },
    opened: () => opened,
  };
};

describe('a day on which the exchange is closed', () => {
  it('is one look at the calendar and one line, though no list knows of the closure', async () => {
    const mourning = '2027-02-04';
    const desk = startDesk((date) => (date === mourning ? null : nyseCalendarDay(date)));
    await desk.live(mourning, '00:00', mourning, '23:55');
    expect(desk.seen).toEqual({ looks: [mourning], lines: ['info closed_today'], failures: 0 });
    expect(desk.closedAt(mourning, '11:00')).toBe(
      'closed today: the exchange is closed on 2027-02-04; next: 2027-02-05, scan 08:00, open 09:30, close 16:00 New York',
    );
    // the date has changed, and the broker is asked again
    await desk.live('2027-02-05', '00:00', '2027-02-05', '04:00');
    expect(desk.seen.looks).toEqual([mourning, '2027-02-05']);
    expect(desk.opened()).toBe('2027-02-05');
  });

  it.each([
    ['13:05', 'a half day that is over', ['info closed_today'], '16:00'],
    ['12:00', 'a half day in whose last hour nothing is entered', ['info too_late_today'], '13:00'],
  ])('is one look when the desk starts at %s of %s', async (from, _what, lines, ended) => {
    const desk = startDesk(nyseCalendarDay);
    await desk.live('2026-11-27', from, '2026-11-27', '23:55');
    expect(desk.seen).toEqual({ looks: ['2026-11-27'], lines, failures: 0 });
    expect(desk.opened()).toBeNull();
    expect(desk.closedAt('2026-11-27', ended)).toContain(
      'the session of 2026-11-27 ended at 13:00 New York; next: 2026-11-30, scan 08:00',
    );
  });

  it('is known from the look of the day before over a weekend, and Monday is opened at 04:00', async () => {
    const desk = startDesk(nyseCalendarDay);
    await desk.live('2026-11-28', '11:00', '2026-11-30', '03:55');
    expect(desk.seen).toEqual({ looks: ['2026-11-28'], lines: ['info closed_today'], failures: 0 });
    expect(desk.closedAt('2026-11-29', '11:00')).toContain(
      'closed on 2026-11-29; next: 2026-11-30',
    );
    expect(desk.closedAt('2026-11-30', '01:00')).toContain('begins at 04:00 New York');
    await desk.live('2026-11-30', '04:00', '2026-11-30', '05:00');
    expect(desk.seen.looks).toEqual(['2026-11-28', '2026-11-30']);
    expect(desk.opened()).toBe('2026-11-30');
  });

  it('is believed by rule when the broker cannot be asked', async () => {
    const desk = startDesk((date) => (date === '2026-11-28' ? 'away' : nyseCalendarDay(date)));
    await desk.live('2026-11-28', '10:00', '2026-11-28', '23:55');
    expect(desk.seen).toEqual({
      looks: ['2026-11-28'],
      lines: ['warn calendar_by_rule', 'info closed_today'],
      failures: 0,
    });
    expect(desk.closedAt('2026-11-28', '12:00')).toContain('next: 2026-11-30');
  });

  it('is not what a trading day is taken for whose calendar cannot be asked', async () => {
    const desk = startDesk(() => 'away');
    await desk.live('2026-11-30', '04:00', '2026-11-30', '04:05');
    expect(desk.seen.failures).toBe(2);
    expect(desk.closedAt('2026-11-30', '04:05')).toBeNull();
  });
});

describe('a trading day', () => {
  it('is passed over once for all tasks of a minute, and once more for those that fire meanwhile', async () => {
    const desk = startDesk(nyseCalendarDay);
    expect(await desk.fire('2026-11-27', 5, 4)).toBe(2);
  });

  it('is opened at the first look after 04:00, until soon before its last entry', async () => {
    const desk = startDesk(nyseCalendarDay);
    await desk.live('2026-11-27', '11:55', '2026-11-27', '15:00');
    expect(desk.seen).toEqual({ looks: ['2026-11-27'], lines: ['info cycle_opened'], failures: 0 });
  });
});
