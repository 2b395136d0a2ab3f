import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionHours } from '../../market/trading-time.ts';
import { findMinuteFault } from '../bar-faults.ts';
import type {
  CalendarDay,
  CorporateAction,
  DailyBar,
  DayBar,
  DaySecurity,
  PricedMinute,
  RefusedBar,
} from '../day.ts';
import { DayError } from '../day-error.ts';
import { MINUTES_PER_DAY } from '../day-files.ts';
import { meanProfile, PROFILE_SESSIONS, scaledProfile } from '../import-volume-profile.ts';
import { refuseStraddlingBars } from '../refuse-straddling-bars.ts';
import type { FindLeanCompany } from './find-lean-company.ts';
import type { LeanFolders } from './lean-folders.ts';
import type { LeanTables } from './lean-tables.ts';
import { readLeanActions } from './read-lean-factors.ts';
import { leanMinutesPath, readLeanDaily, readLeanMinutes } from './read-lean.ts';

interface LeanSource {
  folders: LeanFolders;
  find_company: FindLeanCompany;
  factors: LeanTables;
  /** Sessions of the day's calendar. */
  calendar: readonly CalendarDay[];
  trade_date: string;
  /** The sessions before the trade date whose daily bars the day holds, ascending. */
  sessions: readonly CalendarDay[];
}

export interface LeanSymbol {
  security: DaySecurity;
  minutes: DayBar[];
  refused: RefusedBar[];
  daily: DailyBar[];
  profile: number[];
  actions: CorporateAction[];
  notes: string[];
}

/**
 * Mean shares of a trade, from which the number of trades is estimated: LEAN's bars do not count
 * them.
 */
export const ESTIMATED_TRADE_SIZE = 200;

const toDayBar = (bar: PricedMinute): DayBar => ({
  ...bar,
  trade_count: bar.volume === 0 ? 0 : Math.max(1, Math.round(bar.volume / ESTIMATED_TRADE_SIZE)),
  vwap: Math.min(
    bar.high,
    Math.max(bar.low, Math.round(((bar.high + bar.low + bar.close) / 3) * 10_000) / 10_000),
  ),
});

/** The minutes of the sessions before the trade date for which there are files, oldest first. */
const readEarlierMinutes = async (
  { folders, sessions }: LeanSource,
  symbol: string,
): Promise<{ session: CalendarDay; bars: PricedMinute[] }[]> => {
  const there = new Set(await readdir(join(folders.minute, symbol.toLowerCase())));
  const earlier = [];
  for (const session of sessions.filter(({ date }) =>
    there.has(`${date.replaceAll('-', '')}_trade.zip`),
  ))
    earlier.push({ session, bars: (await readLeanMinutes(folders, symbol, session.date)) ?? [] });
  return earlier;
};

/** The regular hours of a session's minutes as one bar; null where nothing traded in them. */
const toDailyBar = (session: CalendarDay, bars: readonly PricedMinute[]): DailyBar | null => {
  const { open_minute, close_minute } = sessionHours(session);
  const regular = bars.filter(({ minute }) => minute >= open_minute && minute < close_minute);
  const [first] = regular;
  const last = regular.at(-1);
  if (!first || !last) return null;
  return {
    date: session.date,
    open: first.open,
    high: Math.max(...regular.map(({ high }) => high)),
    low: Math.min(...regular.map(({ low }) => low)),
    close: last.close,
    volume: regular.reduce((sum, { volume }) => sum + volume, 0),
  };
};

/**
 * Usual volume by minute: the mean of the minute files among the 20 sessions before, else the usual
 * shape scaled to the mean daily volume.
 */
const profileOf = (
  symbol: string,
  { sessions }: LeanSource,
  earlier: Awaited<ReturnType<typeof readEarlierMinutes>>,
  daily: readonly DailyBar[],
): { profile: number[]; note: string } => {
  const first = sessions.at(-PROFILE_SESSIONS)?.date ?? '';
  const recent = earlier.filter(({ session }) => session.date >= first);
  if (recent.length > 0) {
    const totals = new Array<number>(MINUTES_PER_DAY).fill(0);
    for (const bar of recent.flatMap(({ bars }) => bars))
      totals[bar.minute] = (totals[bar.minute] ?? 0) + bar.volume;
    return {
      profile: meanProfile(totals, recent.length),
      note: `${symbol}: volume profile is the mean of ${recent.map(({ session }) => session.date).join(', ')}.`,
    };
  }
  const { profile, sessions: count } = scaledProfile(daily);
  if (count === 0)
    return {
      profile,
      note: `${symbol}: there is no volume profile; the source has neither minutes nor daily bars of the sessions before.`,
    };
  return {
    profile,
    note: `${symbol}: volume profile is the usual shape of a session scaled to the mean volume of the last ${count} daily bars; the source has no earlier minutes.`,
  };
};

/** The session's daily bars: the vendor's, or made of the minutes that are there. */
const readDaily = async (
  symbol: string,
  source: LeanSource,
  earlier: Awaited<ReturnType<typeof readEarlierMinutes>>,
): Promise<{ daily: DailyBar[]; notes: string[] }> => {
  const { folders, sessions, trade_date: tradeDate } = source;
  const found = await readLeanDaily(folders, symbol, sessions[0]?.date ?? tradeDate, tradeDate);
  if (found === null) {
    const daily = earlier
      .map(({ session, bars }) => toDailyBar(session, bars))
      .filter((bar) => bar !== null);
    return {
      daily,
      notes: [
        `${symbol}: the source has no daily file; ${daily.length === 0 ? 'the day has no daily bars of it' : `its ${daily.length} daily bars are made of the minutes of regular hours`}.`,
      ],
    };
  }
  const dates = new Set(sessions.map(({ date }) => date));
  const outside = found.filter(({ date }) => !dates.has(date)).map(({ date }) => date);
  return {
    daily: found.filter(({ date }) => dates.has(date)),
    notes:
      outside.length === 0
        ? []
        : [
            `${symbol}: daily bars of ${outside.join(', ')} were left out; the exchange had no session then.`,
          ],
  };
};

/**
 * Reads what LEAN's files tell of one symbol as it was called on the trade date. The minutes of the
 * date must exist; for what else is missing there is a note.
 */
export const importLeanSymbol = async (symbol: string, source: LeanSource): Promise<LeanSymbol> => {
  const {
    folders,
    find_company: findCompany,
    factors,
    calendar,
    sessions,
    trade_date: tradeDate,
  } = source;
  let minutes = await readLeanMinutes(folders, symbol, tradeDate);
  if (minutes === null)
    throw new DayError({
      file: leanMinutesPath(folders, symbol, tradeDate),
      line: null,
      column: null,
      was: 'missing',
      expected: `the minute bars of ${symbol}`,
    });
  const notes: string[] = [];
  const company = await findCompany(symbol, tradeDate);
  const name = company?.name ?? symbol.toLowerCase();
  if (name !== symbol.toLowerCase())
    notes.push(
      `${symbol}: is called ${name.toUpperCase()} since; splits and dividends are read under that name.`,
    );
  const table = await factors.read(name);
  if (table === null)
    notes.push(
      `${symbol}: the source has no factor file; its splits and dividends are unknown, and prices from before one are unadjusted.`,
    );
  const actions =
    table === null
      ? []
      : readLeanActions(
          table,
          symbol,
          calendar.map(({ date }) => date),
        );
  const earlier = await readEarlierMinutes(source, symbol);
  const { daily, notes: dailyNotes } = await readDaily(symbol, source, earlier);
  const { profile, note } = profileOf(symbol, source, earlier, daily);
  notes.push(...dailyNotes, note);
  const exchange = company?.exchange ?? null;
  if (exchange === null)
    notes.push(`${symbol}: the source does not say where it is listed; NYSE is assumed.`);

  const refused: RefusedBar[] = [];
  const hours = sessionHours(calendar.find(({ date }) => date === tradeDate)!);
  minutes = minutes.filter((bar) => {
    const outside = findMinuteFault(bar.minute, hours);
    if (outside !== null)
      refused.push({ symbol, ...bar, reason: `expected ${outside}, was ${bar.minute}` });
    return outside === null;
  });
  const split = actions.find(
    (action) => action.ex_date === tradeDate && action.type !== 'cash_dividend',
  );
  const yesterday = daily.find((bar) => bar.date === sessions.at(-1)?.date);
  if (split && yesterday) {
    const parted = refuseStraddlingBars(symbol, minutes, split, yesterday.close);
    minutes = parted.kept;
    refused.push(...parted.refused);
  }
  // the source says only where a stock is listed; the rest is what most large stocks are
  const security: DaySecurity = {
    symbol,
    name: symbol,
    exchange: exchange ?? 'NYSE',
    sector: null,
    tradable: true,
    shortable: true,
    easy_to_borrow: true,
    marginable: true,
    fractionable: true,
  };
  return { security, minutes: minutes.map(toDayBar), refused, daily, profile, actions, notes };
};
