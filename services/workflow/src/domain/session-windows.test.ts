import { describe, expect, it } from '@jest/globals';
import {
  fromTimeId,
  inNewYork,
  newYorkTime,
  nyseCalendarDay,
  tradingHours,
} from '@catalyst/domain';
import fc from 'fast-check';
import { committedSessions } from '../../tests/committed-sessions.ts';
import {
  rescanTimes,
  sessionsConfig,
  sessionWindows,
  windowAt,
  type SessionsConfig,
} from './session-windows.ts';

const shown = (date: string) =>
  sessionWindows(committedSessions, tradingHours(nyseCalendarDay(date)!)).map(
    ({ name, from, until }) =>
      `${name} ${inNewYork(fromTimeId(from)).clock}-${inNewYork(fromTimeId(until)).clock}`,
  );

describe('session windows', () => {
  it('cover an ordinary day from 04:00 to the close', () => {
    expect(shown('2026-03-24')).toEqual([
      'pre_market 04:00-09:30',
      'opening_range 09:30-09:45',
      'morning 09:45-11:30',
      'midday 11:30-13:30',
      'afternoon 13:30-15:00',
      'close 15:00-16:00',
    ]);
  });
  it('shift with the close of a half day, and leave out the window that the next overtakes', () => {
    expect(shown('2026-11-27')).toEqual([
      'pre_market 04:00-09:30',
      'opening_range 09:30-09:45',
      'morning 09:45-10:30',
      'afternoon 10:30-12:00',
      'close 12:00-13:00',
    ]);
  });
  it.each([
    ['03:59', null],
    ['04:00', 'pre_market'],
    ['09:29', 'pre_market'],
    ['09:30', 'opening_range'],
    ['09:45', 'morning'],
    ['14:59', 'afternoon'],
    ['15:00', 'close'],
    ['16:00', null],
  ])('at %s it is %s', (clock, name) => {
    const windows = sessionWindows(committedSessions, tradingHours(nyseCalendarDay('2026-03-24')!));
    expect(windowAt(windows, newYorkTime('2026-03-24', clock))?.name ?? null).toBe(name);
  });
  it('never overlap and leave no gap, whatever the configuration', () => {
    const from = fc
      .tuple(fc.constantFrom('open', 'close'), fc.integer({ min: -330, max: 389 }))
      .map(([bell, minutes]) => (minutes < 0 ? `${bell}${minutes}` : `${bell}+${minutes}`));
    fc.assert(
      fc.property(fc.array(from, { minLength: 6, maxLength: 6 }), (starts) => {
        const windows = Object.fromEntries(
          Object.entries(committedSessions.windows).map(([name, window], index) => [
            name,
            { ...window, from: starts[index]! },
          ]),
        );
        const config = { ...committedSessions, windows } as SessionsConfig;
        const day = sessionWindows(config, tradingHours(nyseCalendarDay('2026-03-24')!));
        for (const [index, window] of day.entries()) {
          expect(window.from).toBeLessThan(window.until);
          if (index > 0) expect(window.from).toBe(day[index - 1]!.until);
        }
      }),
    );
  });
  it('rescan more often in an aggressive window, and at the first minute of each window', () => {
    const windows = sessionWindows(
      committedSessions,
      tradingHours(nyseCalendarDay('2026-03-24')!),
    ).map((window) =>
      window.name === 'morning' ? { ...window, mode: 'aggressive' as const } : window,
    );
    const open = windows[1]!.from;
    const times = rescanTimes(committedSessions, windows, open + 7, open + 123).map(
      (at) => inNewYork(at).clock,
    );
    expect(times.slice(0, 5)).toEqual(['09:37', '09:42', '09:45', '09:46', '09:47']);
    expect(times.slice(-3)).toEqual(['11:28', '11:29', '11:30']);
  });
  it('are not scanned again without a mode', () => {
    const windows = sessionWindows(committedSessions, tradingHours(nyseCalendarDay('2026-03-24')!));
    const close = windows.at(-1)!;
    const scans = (mode: 'normal' | null) =>
      rescanTimes(committedSessions, [{ ...close, mode }], close.from, close.until);
    expect(scans(null)).toEqual([]);
    expect(scans('normal')).toHaveLength(12);
  });
  it.each([
    [
      { midday: { ...committedSessions.windows.midday, from: 'open+15' } },
      'midday (open+15) begins no later than morning (open+15) on a whole day, which leaves morning nothing',
    ],
    [
      { close: { from: 'close-150' } },
      'close (close-150) begins no later than afternoon (close-150) on a whole day, which leaves afternoon nothing',
    ],
  ])('are refused where one leaves another nothing: %j', (changed, message) => {
    const refused = sessionsConfig.safeParse({
      ...committedSessions,
      windows: { ...committedSessions.windows, ...changed },
    });
    expect(refused.error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
  it('are refused where a rhythm is not in whole minutes or a name is unknown', () => {
    expect(
      sessionsConfig.safeParse({
        ...committedSessions,
        rescan_seconds: { ...committedSessions.rescan_seconds, normal: 90 },
      }).success,
    ).toBe(false);
    expect(
      sessionsConfig.safeParse({
        ...committedSessions,
        windows: { ...committedSessions.windows, lunch: committedSessions.windows.midday },
      }).success,
    ).toBe(false);
  });
});
