import { describe, expect, it } from '@jest/globals';
import { fromTimeId, inNewYork, nyseCalendar, toTimeId, tradingHours } from '@catalyst/domain';
import { placeInSessions } from './place-in-session.ts';

// the clocks change on 2026-03-08; 2025-11-28 is a half day
const sessions = [
  ...nyseCalendar('2025-11-26', '2025-12-01'),
  ...nyseCalendar('2026-03-05', '2026-03-11'),
].map(tradingHours);

describe('the session of a bar', () => {
  it("has the date and the minute that New York's clocks show, over half days and the change of the clocks", () => {
    const bars = sessions.flatMap(({ pre_market_open_at, after_hours_close_at }) => {
      const [first, end] = [toTimeId(pre_market_open_at), toTimeId(after_hours_close_at)];
      return Array.from({ length: (end - first) / 5 }, (_, index) => ({
        time_id: first + index * 5,
        open: 1,
        high: 1,
        low: 1,
        close: 1,
        volume: 1,
      }));
    });
    const placed = placeInSessions(bars, sessions);
    expect(placed).toHaveLength(bars.length);
    for (const bar of placed) {
      const { date, clock } = inNewYork(fromTimeId(bar.time_id));
      expect([bar.trade_date, bar.minute]).toEqual([
        date,
        Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)),
      ]);
    }
  });
  it('leaves out what lies between two sessions', () => {
    const night = toTimeId(sessions[0]!.after_hours_close_at);
    expect(
      placeInSessions(
        [{ time_id: night, open: 1, high: 1, low: 1, close: 1, volume: 1 }],
        sessions,
      ),
    ).toEqual([]);
  });
});
