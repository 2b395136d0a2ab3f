import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Day, RefusedBar } from '@catalyst/simulator';
import { UsageError } from '../exit-codes.ts';
import { count } from '../wording.ts';
import { shellWord, typed } from '../typed.ts';

export const readDate = (text: string): string => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text))
    throw new InvalidArgumentError('expected a date such as 2026-03-24');
  return text;
};

/** Symbols separated by commas. */
export const readSymbols = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * A day is never written over another; and that there is nowhere to write it is told before it is
 * made.
 */
export const refuseFull = (folder: string): void => {
  let parent = dirname(folder);
  while (!existsSync(parent)) parent = dirname(parent);
  if (!statSync(parent).isDirectory() || !isWritable(parent))
    throw new UsageError(`cannot write into ${parent}; name another folder with --out`);
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory())
    throw new UsageError(`${folder} is a file; name a new folder with --out`);
  if (readdirSync(folder).length > 0)
    throw new UsageError(`${folder} is not empty; name a new folder with --out`);
};

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const tally = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** The bars that were left out, those of one reason together; numbers make no other reason. */
const groupRefused = (
  bars: readonly RefusedBar[],
): { count: number; first: { symbol: string; minute: string; reason: string } }[] => {
  const groups = new Map<string, RefusedBar[]>();
  for (const bar of bars) {
    const key = bar.reason.replace(/[\d.]+/g, '#');
    groups.set(key, [...(groups.get(key) ?? []), bar]);
  }
  return [...groups.values()].map((group) => ({
    count: group.length,
    first: {
      symbol: group[0]!.symbol,
      minute: clockOf(group[0]!.minute),
      reason: group[0]!.reason,
    },
  }));
};

/** A day in numbers, and what to know about it. */
export const summarise = (day: Day, dir: string) => {
  const minutes = [...day.minute_bars.values()].flatMap((bars) =>
    bars.length === 0 ? [] : [bars[0]!.minute, bars.at(-1)!.minute],
  );
  const dates = [...day.daily_bars.values()]
    .flatMap((bars) => (bars.length === 0 ? [] : [bars[0]!.date, bars.at(-1)!.date]))
    .sort();
  const { open, close } = day.calendar.find(({ date }) => date === day.trade_date)!;
  return {
    dir,
    trade_date: day.trade_date,
    kind: day.kind,
    description: day.description,
    session: { open, close },
    securities: day.securities.length,
    silent_symbols: day.securities
      .map(({ symbol }) => symbol)
      .filter((symbol) => (day.minute_bars.get(symbol) ?? []).length === 0),
    minute_bars: [...day.minute_bars.values()].reduce((sum, bars) => sum + bars.length, 0),
    minutes:
      minutes.length === 0
        ? null
        : { first: clockOf(Math.min(...minutes)), last: clockOf(Math.max(...minutes)) },
    daily_bars: [...day.daily_bars.values()].reduce((sum, bars) => sum + bars.length, 0),
    dates: dates.length === 0 ? null : { first: dates[0]!, last: dates.at(-1)! },
    articles: day.news.length,
    events: tally(day.events.map(({ kind }) => kind)),
    corporate_actions: tally(day.corporate_actions.map(({ type }) => type)),
    refused_bars: day.refused_bars.length,
    refused: groupRefused(day.refused_bars),
    notes: day.notes,
  };
};
export type Summary = ReturnType<typeof summarise>;

const listed = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([kind, number]) => count(number, kind.replaceAll('_', ' ')))
    .join(', ') || 'none';

const SHOWN = 8;

const silentLine = ({ silent_symbols: symbols, securities }: Summary): string => {
  if (symbols.length === securities)
    return 'No security has a minute bar of the date: nothing can be traded.';
  return `${symbols.length} of ${securities} have no minute bar of the date: ${symbols.slice(0, SHOWN).join(', ')}${symbols.length > SHOWN ? ' …' : ''}.`;
};

/**
 * What a person should see of a day: what is in it, what was left out, what to know, and what to do
 * with it.
 */
export const describeDay = (summary: Summary): string => {
  const {
    dir,
    description,
    session,
    securities,
    silent_symbols,
    minute_bars,
    minutes,
    daily_bars,
    dates,
    articles,
    events,
    corporate_actions,
    refused_bars,
    refused,
    notes,
  } = summary;
  const rows: [string, string][] = [
    ['folder', dir],
    ['session', `${session.open} to ${session.close} in New York`],
    ['securities', String(securities)],
    [
      'minute bars',
      minutes === null ? 'none' : `${minute_bars}, from ${minutes.first} to ${minutes.last}`,
    ],
    ['daily bars', dates === null ? 'none' : `${daily_bars}, from ${dates.first} to ${dates.last}`],
    ['actions', listed(corporate_actions)],
    ['news', articles === 0 ? 'none' : count(articles, 'article')],
    ['events', listed(events)],
    ['refused', refused_bars === 0 ? 'no bars' : count(refused_bars, 'bar')],
  ];
  return [
    description,
    ...rows.map(([name, text]) => `  ${name.padEnd(13)}${text}`),
    ...refused.map(
      ({ count: number, first }) =>
        `    ${number} x, first ${first.symbol} ${first.minute}: ${first.reason}`,
    ),
    ...(silent_symbols.length > 0 || notes.length > 0 ? ['Notes'] : []),
    ...(silent_symbols.length > 0 ? [`  - ${silentLine(summary)}`] : []),
    ...notes.map((note) => `  - ${note}`),
    'Replay it',
    `  ${typed('demo')} --day ${shellWord(dir)}`,
    `  node packages/simulator/src/main.ts --day ${shellWord(dir)}   (the simulator alone, for a bot of your own)`,
  ].join('\n');
};
