import type {
  CorporateAction,
  Day,
  DayBar,
  DayNews,
  DaySecurity,
  MarketEvent,
} from '../src/day/day.ts';
import { nyseCalendar } from '@catalyst/domain';

export const TRADE_DATE = '2026-03-10';
export const OPEN = 570;
export const CLOSE = 960;

/** A bar from four prices; vwap in the middle of its range. */
export const bar = (
  minute: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume = 10_000,
): DayBar => ({
  minute,
  open,
  high,
  low,
  close,
  volume,
  trade_count: Math.max(1, Math.round(volume / 100)),
  vwap: Math.round(((high + low) / 2) * 10_000) / 10_000,
});

/** Bars that all stand at one price. */
export const flat = (from: number, to: number, price: number, volume = 10_000): DayBar[] =>
  Array.from({ length: to - from }, (_, index) =>
    bar(from + index, price, price, price, price, volume),
  );

export const security = (symbol: string, fields: Partial<DaySecurity> = {}): DaySecurity => ({
  symbol,
  name: `${symbol} Corporation`,
  exchange: 'NASDAQ',
  sector: null,
  tradable: true,
  shortable: true,
  easy_to_borrow: true,
  marginable: true,
  fractionable: true,
  ...fields,
});

const CALENDAR = nyseCalendar('2026-01-20', '2026-03-12');

interface SmallDay {
  bars?: Record<string, DayBar[]>;
  securities?: DaySecurity[];
  news?: DayNews[];
  events?: MarketEvent[];
  corporate_actions?: CorporateAction[];
  calendar?: Day['calendar'];
  trade_date?: string;
  seed?: number;
}

/**
 * A day made by hand: the given bars, thirty earlier sessions that closed at 100, an even volume
 * profile.
 */
export const smallDay = ({
  bars = {},
  securities,
  news = [],
  events = [],
  corporate_actions = [],
  calendar,
  trade_date = TRADE_DATE,
  seed = 7,
}: SmallDay): Day => {
  const listed = securities ?? Object.keys(bars).map((symbol) => security(symbol));
  const sessions = calendar ?? CALENDAR;
  const earlier = sessions.filter(({ date }) => date < trade_date);
  return {
    dir: 'small-day',
    trade_date,
    kind: 'generated',
    seed,
    description: 'made by hand for a test',
    notes: [],
    refused_bars: [],
    calendar: sessions,
    securities: listed,
    minute_bars: new Map(Object.entries(bars)),
    daily_bars: new Map(
      listed.map(({ symbol }) => [
        symbol,
        earlier.map(({ date }, index) => ({
          date,
          open: 99,
          high: 102.5,
          low: 98.25,
          close: 100,
          volume: 1_000_000 + index,
        })),
      ]),
    ),
    volume_profile: new Map(
      listed.map(({ symbol }) => [
        symbol,
        Array.from({ length: 1_440 }, (_, minute) =>
          minute >= 240 && minute < 1_200 ? (minute >= OPEN && minute < CLOSE ? 2_500 : 40) : 0,
        ),
      ]),
    ),
    corporate_actions,
    news,
    events,
  };
};

/** A quiet day of one symbol at 100 with chosen minutes replaced. */
export const quietDay = (replaced: DayBar[], fields: SmallDay = {}): Day => {
  const chosen = new Map(replaced.map((one) => [one.minute, one]));
  return smallDay({
    bars: { ACME: flat(OPEN, CLOSE, 100).map((one) => chosen.get(one.minute) ?? one) },
    ...fields,
  });
};

/** The instant of a New York clock time on the trade date (daylight saving time: UTC-4). */
export const at = (clock: string): string =>
  new Date(Date.parse(`${TRADE_DATE}T${clock}:00-04:00`)).toISOString();
