import { describe, expect, it } from '@jest/globals';
import { newYorkTime } from '@catalyst/domain';
import { untendedSince } from './untended.ts';

const at = (clock: string, date = '2026-03-24') => newYorkTime(date, clock);
const since = (tended: string, now: string, is_held = true) =>
  untendedSince({ tended_at: at(tended), is_held }, at(now));

describe('shares that nobody tends', () => {
  it('are told after two minutes of the session, and not before', () => {
    expect(since('10:00', '10:02')).toBeNull();
    expect(since('10:00', '10:03')).toBe(at('10:00'));
  });
  it('are none where nothing is held', () => {
    expect(since('10:00', '15:00', false)).toBeNull();
  });
  it('count from the open where they were held overnight, and never while the exchange is closed', () => {
    expect(since('08:00', '09:29')).toBeNull();
    expect(since('08:00', '09:32')).toBeNull();
    expect(since('08:00', '09:33')).toBe(at('09:30'));
    expect(since('15:00', '16:00')).toBeNull();
    // an early close and a holiday
    expect(
      untendedSince(
        { tended_at: at('12:00', '2026-11-27'), is_held: true },
        at('13:30', '2026-11-27'),
      ),
    ).toBeNull();
    expect(
      untendedSince(
        { tended_at: at('10:00', '2026-11-26'), is_held: true },
        at('11:00', '2026-11-26'),
      ),
    ).toBeNull();
  });
});
