import { symbol as symbolSchema } from '@catalyst/domain';
import { calendarAround } from './calendar-around.ts';
import type { CorporateAction, DailyBar, Day, DayBar, DaySecurity, ListingExchange, RefusedBar, PricedMinute } from './day.ts';
import { DayError } from './day-error.ts';
import { MINUTES_PER_DAY } from './day-files.ts';
import { meanProfile, PROFILE_SESSIONS, scaledProfile } from './import-volume-profile.ts';
import { readLeanActions } from './lean/read-lean-factors.ts';
import { readLeanExchange } from './lean/read-lean-exchange.ts';
import { leanMinutesPath, readLeanDaily, readLeanMinutes } from './lean/read-lean.ts';
import { refuseStraddlingBars } from './refuse-straddling-bars.ts';
import { writeDay } from './write-day.ts';

export interface ImportDayOptions {
  /** Folder with `minute/`, `daily/` and `corporate-actions/` in LEAN's format. */
  bars_dir: string;
  trade_date: string;
  symbols: readonly string[];
  /** Where the day is written. */
  out_dir: string;
}

const SESSIONS = 252;
/** Mean shares of a trade, from which the number of trades is estimated: LEAN's bars do not count them. */
const ESTIMATED_TRADE_SIZE = 200;

const NOTES = [
  'vwap is an estimate, (high + low + close) / 3: the source has none.',
  `trade_count is an estimate, one trade for ${ESTIMATED_TRADE_SIZE} shares: the source has none.`,
  'Daily bars are the vendor\'s: regular hours only, raw prices and volumes. The volume profile is raw as well.',
];

const toDayBar = (bar: PricedMinute): DayBar => ({
  ...bar,
  trade_count: bar.volume === 0 ? 0 : Math.max(1, Math.round(bar.volume / ESTIMATED_TRADE_SIZE)),
  vwap: Math.min(bar.high, Math.max(bar.low, Math.round(((bar.high + bar.low + bar.close) / 3) * 10_000) / 10_000)),
});

/** Usual volume by minute: the mean of the minute files among the 20 sessions before, else the usual shape scaled to the mean daily volume. */
const readProfile = async (barsDir: string, symbol: string, sessions: readonly string[], daily: readonly DailyBar[]): Promise<{ profile: number[]; note: string }> => {
  const totals = new Array<number>(MINUTES_PER_DAY).fill(0);
  const found: string[] = [];
  for (const date of sessions.slice(-PROFILE_SESSIONS)) {
    const bars = await readLeanMinutes(barsDir, symbol, date);
    if (bars === null) continue;
    found.push(date);
    for (const bar of bars) totals[bar.minute] = (totals[bar.minute] ?? 0) + bar.volume;
  }
  if (found.length > 0) return { profile: meanProfile(totals, found.length), note: `${symbol}: volume profile is the mean of ${found.join(', ')}.` };
  const { profile, sessions: recent } = scaledProfile(daily);
  return { profile, note: `${symbol}: volume profile is the usual shape of a session scaled to the mean volume of the last ${recent} daily bars; the source has no earlier minutes.` };
};

/** The source says only where a stock is listed; the rest is what most large stocks are. */
const describeSecurity = (symbol: string, exchange: ListingExchange | null): DaySecurity => ({
  symbol,
  name: symbol,
  exchange: exchange ?? 'NYSE',
  sector: null,
  tradable: true,
  shortable: true,
  easy_to_borrow: true,
  marginable: true,
  fractionable: true,
});

/** Turns real bars into a day without news: minutes of the date, a year of daily bars before it, splits and dividends. Writes it and returns it. */
export async function importDay({ bars_dir: barsDir, trade_date: tradeDate, symbols, out_dir: outDir }: ImportDayOptions): Promise<Day> {
  if (symbols.length === 0) throw new RangeError('symbols must name at least one, was empty');
  const names = [...new Set(symbols.map((name) => name.toUpperCase()))].sort();
  const wrong = names.find((name) => !symbolSchema.safeParse(name).success);
  if (wrong !== undefined) throw new RangeError(`symbols must be tickers such as AAPL or BRK.B, was ${JSON.stringify(wrong)}`);
  const calendar = calendarAround(tradeDate);
  if (!calendar.some((day) => day.date === tradeDate)) throw new RangeError(`trade_date must be a trading day of the exchange's calendar, was ${tradeDate}`);
  const dates = calendar.map((day) => day.date);
  const sessions = dates.filter((date) => date < tradeDate).slice(-SESSIONS);
  const previous = sessions.at(-1) ?? '';
  const minuteBars = new Map<string, DayBar[]>();
  const dailyBars = new Map<string, DailyBar[]>();
  const volumeProfile = new Map<string, number[]>();
  const securities: DaySecurity[] = [];
  const actions: CorporateAction[] = [];
  const refusedBars: RefusedBar[] = [];
  const notes = [...NOTES];
  for (const symbol of names) {
    let bars = await readLeanMinutes(barsDir, symbol, tradeDate);
    if (bars === null) throw new DayError({ file: leanMinutesPath(barsDir, symbol, tradeDate), line: null, column: null, was: 'missing', expected: `the minute bars of ${symbol}` });
    const daily = await readLeanDaily(barsDir, symbol, sessions[0] ?? tradeDate, tradeDate);
    const own = await readLeanActions(barsDir, symbol, dates);
    const split = own.find((action) => action.ex_date === tradeDate && action.type !== 'cash_dividend');
    const yesterday = daily.find((bar) => bar.date === previous);
    if (split && yesterday) {
      const { kept, refused } = refuseStraddlingBars(symbol, bars, split, yesterday.close);
      bars = kept;
      refusedBars.push(...refused);
    }
    const { profile, note } = await readProfile(barsDir, symbol, sessions, daily);
    const exchange = await readLeanExchange(barsDir, symbol);
    securities.push(describeSecurity(symbol, exchange));
    minuteBars.set(symbol, bars.map(toDayBar));
    dailyBars.set(symbol, daily);
    volumeProfile.set(symbol, profile);
    actions.push(...own);
    notes.push(note);
    if (exchange === null) notes.push(`${symbol}: the source does not say where it is listed; NYSE is assumed.`);
  }
  const day: Day = {
    dir: outDir,
    trade_date: tradeDate,
    kind: 'imported',
    seed: 0,
    description: `${securities.map((security) => security.symbol).join(', ')} on ${tradeDate}, imported`,
    notes,
    refused_bars: refusedBars,
    calendar,
    securities,
    minute_bars: minuteBars,
    daily_bars: dailyBars,
    volume_profile: volumeProfile,
    corporate_actions: actions,
    news: [],
    events: [],
  };
  await writeDay(day, outDir);
  return day;
}
