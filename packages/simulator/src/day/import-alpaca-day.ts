import { join } from 'node:path';
import { sessionHours } from '../market/trading-time.ts';
import { calendarSchema, recordingSchema } from './alpaca/raw-answers.ts';
import { readActions } from './alpaca/read-actions.ts';
import { readArticles } from './alpaca/read-articles.ts';
import { readDaily, readMinutes, type RecordedMinutes } from './alpaca/read-bars.ts';
import { readListings } from './alpaca/read-listings.ts';
import { readRaw } from './alpaca/read-raw.ts';
import { createMinuteOf } from './alpaca/session-minutes.ts';
import type { DailyBar, Day } from './day.ts';
import { DayError } from './day-error.ts';
import { meanProfile, PROFILE_SESSIONS, scaledProfile } from './import-volume-profile.ts';
import { refuseStraddlingBars } from './refuse-straddling-bars.ts';
import { writeNewDay } from './write-new-day.ts';

export interface ImportAlpacaDayOptions {
  /**
   * Folder of Alpaca's answers: `recording.json`, `calendar.json`, and pages in `assets/`,
   * `bars-1min/`, `bars-1day/`, `news/` and `corporate-actions/`.
   */
  raw_dir: string;
  /** Where the day is written; absent or an empty folder. */
  out_dir: string;
}

/** Daily bars of a day: a year of sessions. */
export const DAILY_SESSIONS = 252;

/**
 * Mean of the recorded sessions since the symbol's first bar, else the usual shape scaled to the
 * daily bars.
 */
const profilesOf = (
  symbols: readonly string[],
  sessions: readonly string[],
  { earlier }: RecordedMinutes,
  daily: ReadonlyMap<string, DailyBar[]>,
): { profiles: Map<string, number[]>; notes: string[] } => {
  const profiles = new Map<string, number[]>();
  const notes: string[] = [];
  for (const symbol of symbols) {
    const recorded = earlier.get(symbol);
    if (recorded) {
      const count = sessions.filter((date) => date >= recorded.first_date).length;
      profiles.set(symbol, meanProfile(recorded.totals, count));
      if (count < PROFILE_SESSIONS)
        notes.push(
          `${symbol}: volume profile is the mean of ${count} sessions; there are no minutes of earlier ones.`,
        );
      continue;
    }
    const scaled = scaledProfile(daily.get(symbol) ?? []);
    profiles.set(symbol, scaled.profile);
    notes.push(
      `${symbol}: volume profile is the usual shape of a session scaled to the mean volume of the last ${scaled.sessions} daily bars; there are no earlier minutes.`,
    );
  }
  return { profiles, notes };
};

/**
 * Turns Alpaca's answers, as `recordDay` keeps them, into a day with its news. Writes it and
 * returns it as `loadDay` reads it. Throws a DayError with the file and the JSON path of the first
 * answer that cannot be used; single bars with impossible prices are left out and listed in
 * `refused_bars`.
 */
export async function importAlpacaDay({
  raw_dir: rawDir,
  out_dir: outDir,
}: ImportAlpacaDayOptions): Promise<Day> {
  const recording = await readRaw(rawDir, 'recording.json', recordingSchema);
  const { trade_date: tradeDate, feed } = recording;
  const symbols = [...new Set(recording.symbols)].sort();
  const calendar = await readRaw(rawDir, 'calendar.json', calendarSchema);
  const dates = calendar.map(({ date }) => date);
  const session = calendar.find(({ date }) => date === tradeDate);
  if (!session)
    throw new DayError({
      file: join(rawDir, 'calendar.json'),
      line: null,
      column: null,
      was: `no ${tradeDate}`,
      expected: 'the trade date among the sessions',
    });
  const sessions = dates.filter((date) => date < tradeDate);
  const minuteOf = createMinuteOf(calendar);

  const listings = await readListings(rawDir, symbols);
  const minutes = await readMinutes(rawDir, symbols, sessionHours(session), minuteOf);
  const silent = symbols.filter((symbol) => minutes.bars.get(symbol)?.length === 0);
  if (silent.length === symbols.length)
    throw new DayError({
      file: join(rawDir, 'bars-1min'),
      line: null,
      column: null,
      was: 'none',
      expected: `minute bars of ${tradeDate} for at least one symbol`,
    });
  const daily = await readDaily(
    rawDir,
    symbols,
    sessions.at(-DAILY_SESSIONS) ?? sessions[0] ?? tradeDate,
    tradeDate,
    minuteOf,
  );
  const { actions, notes: actionNotes } = await readActions(
    rawDir,
    symbols,
    dates[0] ?? tradeDate,
    dates.at(-1) ?? tradeDate,
  );
  const { news, notes: newsNotes } = await readArticles(rawDir, symbols, calendar, tradeDate);
  const { profiles, notes: profileNotes } = profilesOf(
    symbols,
    sessions.slice(-PROFILE_SESSIONS),
    minutes,
    daily.bars,
  );

  const refused = [...minutes.refused];
  for (const split of actions.filter(
    ({ ex_date, type }) => ex_date === tradeDate && type !== 'cash_dividend',
  )) {
    const yesterday = daily.bars
      .get(split.symbol)
      ?.findLast(({ date }) => date === sessions.at(-1));
    if (!yesterday) continue;
    const parted = refuseStraddlingBars(
      split.symbol,
      minutes.bars.get(split.symbol) ?? [],
      split,
      yesterday.close,
    );
    minutes.bars.set(split.symbol, parted.kept);
    refused.push(...parted.refused);
  }

  const notes = [
    `Recorded from Alpaca's market data, feed ${feed}, raw prices and volumes.${feed === 'iex' ? ' This feed holds the trades of one exchange only, a few per cent of all volume.' : ''}`,
    'Names, exchanges and what may be done with a security are those of the day of the recording, not of the trade date. Sectors are unknown.',
    'Halts and quotes are not recorded.',
    ...newsNotes,
    ...actionNotes,
    ...listings.notes,
    ...profileNotes,
    ...(minutes.clamped > 0
      ? [
          `${minutes.clamped} minute bars had an average price outside their low and high (odd lots count towards it); the nearer of the two was taken.`,
        ]
      : []),
    ...(daily.refused > 0
      ? [`${daily.refused} daily bars with impossible prices were left out.`]
      : []),
    ...(silent.length > 0 ? [`No minute bars of ${tradeDate}: ${silent.join(', ')}.`] : []),
  ];
  const day: Day = {
    dir: outDir,
    trade_date: tradeDate,
    kind: 'imported',
    seed: 0,
    description: `${symbols.length > 8 ? `${symbols.length} stocks` : symbols.join(', ')} on ${tradeDate}, recorded from Alpaca`,
    notes,
    refused_bars: refused,
    calendar,
    securities: listings.securities,
    minute_bars: minutes.bars,
    daily_bars: daily.bars,
    volume_profile: profiles,
    corporate_actions: actions,
    news,
    events: [],
  };
  return writeNewDay(day, outDir);
}
