import { expect, it } from '@jest/globals';
import { newYorkTime, toTimeId, tradingHours } from '@catalyst/domain';
import { createLastSeen } from './last-seen.ts';

const DATE = '2026-03-24';
const at = (clock: string): string => newYorkTime(DATE, clock);
const watched = () => {
  let now = at('09:00');
  const seen = createLastSeen({ latest: () => now });
  seen.noteDay(tradingHours({ date: DATE, open: '09:30', close: '16:00' }));
  return {
    ...seen,
    /** Asks each minute from one time to another for what comes, or does not. */
    ask: (from: string, to: string, comes: boolean) => {
      for (let id = toTimeId(at(from)); id <= toTimeId(at(to)); id += 1) {
        now = new Date(id * 60_000).toISOString();
        seen.noteBars(comes ? [{ time_id: id - 1 }] : []);
      }
    },
    wait: (clock: string) => void (now = at(clock)),
  };
};

it('tells when the last bar ended, and says after five minutes of the session that none comes', () => {
  const desk = watched();
  expect(desk.latest()).toEqual({ last_bar: null, last_quote: null });
  desk.ask('09:31', '10:00', true);
  expect([desk.latest().last_bar, desk.notes()]).toEqual([at('10:00'), []]);
  desk.ask('10:01', '10:05', false);
  expect(desk.notes()).toEqual([]);
  desk.ask('10:06', '10:06', false);
  expect(desk.notes()).toEqual([`no bar has come since ${at('10:00')}, though it is asked for`]);
  desk.ask('10:07', '10:07', true);
  expect(desk.notes()).toEqual([]);
});

it('judges nothing before the open, nor soon after it, nor where nobody asks', () => {
  const desk = watched();
  desk.ask('08:00', '09:29', false);
  expect(desk.notes()).toEqual([]);
  desk.ask('09:30', '09:35', false);
  expect(desk.notes()).toEqual([]);
  desk.ask('09:36', '09:36', false);
  expect(desk.notes()).toHaveLength(1);
  desk.wait('09:39');
  expect(desk.notes()).toEqual([]);
  desk.ask('12:00', '12:05', false);
  expect(desk.notes()).toEqual([]);
  desk.ask('15:50', '16:10', false);
  expect(desk.notes()).toEqual([]);
});

it('tells when the last quote was made', () => {
  const desk = watched();
  desk.noteQuotes([{ quoted_at: at('08:59') }, { quoted_at: at('08:58') }]);
  expect(desk.latest().last_quote).toBe(at('08:59'));
});
