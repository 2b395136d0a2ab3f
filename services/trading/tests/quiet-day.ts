import { nyseCalendar } from '@catalyst/domain';
import type { Day, DayBar } from '@catalyst/simulator';

export const TRADE_DATE = '2026-03-10';
const OPEN = 570;
const CLOSE = 960;

/** A bar from four prices; `clock` is New York's. */
export const bar = (
  clock: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume = 100_000,
): DayBar => {
  const [hour, minute] = clock.split(':').map(Number);
  return {
    minute: hour! * 60 + minute!,
    open,
    high,
    low,
    close,
    volume,
    trade_count: 10,
    vwap: (high + low) / 2,
  };
};

/** A day of two quiet symbols at 100 with chosen minutes of ACME replaced. */
export const dayWith = (...replaced: DayBar[]): Day => {
  const calendar = nyseCalendar('2026-02-20', '2026-03-12');
  const chosen = new Map(replaced.map((one) => [one.minute, one]));
  const quiet = (minute: number): DayBar => ({
    minute,
    open: 100,
    high: 100,
    low: 100,
    close: 100,
    volume: 100_000,
    trade_count: 10,
    vwap: 100,
  });
  const minutes = Array.from({ length: CLOSE - OPEN }, (_, index) => OPEN + index);
  const security = (symbol: string) => ({
    symbol,
    name: `${symbol} Corporation`,
    exchange: 'NASDAQ' as const,
    sector: null,
    tradable: true,
    shortable: true,
    easy_to_borrow: true,
    marginable: true,
    fractionable: true,
  });
  return {
    dir: 'a-day-of-tests',
    trade_date: TRADE_DATE,
    kind: 'generated',
    seed: 7,
    description: '',
    notes: [],
    refused_bars: [],
    calendar,
    securities: [security('ACME'), security('OTHR')],
    minute_bars: new Map([
      ['ACME', minutes.map((minute) => chosen.get(minute) ?? quiet(minute))],
      ['OTHR', minutes.map(quiet)],
    ]),
    daily_bars: new Map(
      ['ACME', 'OTHR'].map((symbol) => [
        symbol,
        calendar
          .filter(({ date }) => date < TRADE_DATE)
          .map(({ date }) => ({
            date,
            open: 100,
            high: 101,
            low: 99,
            close: 100,
            volume: 1_000_000,
          })),
      ]),
    ),
    volume_profile: new Map(
      ['ACME', 'OTHR'].map((symbol) => [symbol, Array.from({ length: 1440 }, () => 1000)]),
    ),
    corporate_actions: [],
    news: [],
    events: [],
  };
};

/** The instant of a New York clock time on the trade date (daylight saving time: UTC-4). */
export const at = (clock: string): string =>
  new Date(
    Date.parse(`${TRADE_DATE}T${clock.length === 5 ? `${clock}:00` : clock}-04:00`),
  ).toISOString();
