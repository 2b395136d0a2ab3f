import { gicsSectors, symbol as symbolSchema } from '@catalyst/domain';
import type { SessionHours } from '../market/trading-time.ts';
import { findBarFault, findMinuteFault } from './bar-faults.ts';
import { readCsv, type CsvRow, type CsvText } from './csv-table.ts';
import {
  corporateActionTypes,
  listingExchanges,
  marketEventKinds,
  type CorporateAction,
  type DailyBar,
  type DayBar,
  type DaySecurity,
  type MarketEvent,
} from './day.ts';
import { DayError } from './day-error.ts';
import {
  CORPORATE_ACTION_COLUMNS,
  DAILY_BAR_COLUMNS,
  DAY_FILES,
  EVENT_COLUMNS,
  MINUTE_BAR_COLUMNS,
  MINUTES_PER_DAY,
  SECURITY_COLUMNS,
  VOLUME_PROFILE_COLUMNS,
} from './day-files.ts';

type Symbols = ReadonlySet<string>;

const knownSymbol = (row: CsvRow<'symbol'>, symbols: Symbols): string => {
  const symbol = row.text('symbol');
  return symbols.has(symbol)
    ? symbol
    : row.fail('symbol', JSON.stringify(symbol), `a symbol that ${DAY_FILES.securities} lists`);
};

const minuteOf = <C extends string>(row: CsvRow<C>, column: C, limit: number): number => {
  const minute = row.count(column);
  return minute < limit
    ? minute
    : row.fail(column, String(minute), `a minute since midnight below ${limit}`);
};

const listOf = <T>(map: Map<string, T[]>, symbol: string): T[] => {
  const found = map.get(symbol);
  if (found) return found;
  const created: T[] = [];
  map.set(symbol, created);
  return created;
};

export const readSecurities = (text: string): DaySecurity[] => {
  const securities: DaySecurity[] = [];
  const seen = new Set<string>();
  readCsv(DAY_FILES.securities, text, SECURITY_COLUMNS, (row) => {
    const symbol = row.text('symbol');
    if (!symbolSchema.safeParse(symbol).success)
      row.fail('symbol', JSON.stringify(symbol), 'a ticker such as AAPL or BRK.B');
    if (seen.has(symbol))
      row.fail('symbol', JSON.stringify(symbol), 'a symbol that is not listed yet');
    seen.add(symbol);
    if (row.text('name') === '') row.fail('name', '""', 'a name');
    securities.push({
      symbol,
      name: row.text('name'),
      exchange: row.oneOf('exchange', listingExchanges),
      sector: row.text('sector') === '' ? null : row.oneOf('sector', gicsSectors),
      tradable: row.flag('tradable'),
      shortable: row.flag('shortable'),
      easy_to_borrow: row.flag('easy_to_borrow'),
      marginable: row.flag('marginable'),
      fractionable: row.flag('fractionable'),
    });
  });
  if (securities.length === 0)
    throw new DayError({
      file: DAY_FILES.securities,
      line: 2,
      column: null,
      was: 'nothing below the header',
      expected: 'at least one security',
    });
  return securities;
};

/** `hours` are the trade date's. */
export const readMinuteBars = (
  text: CsvText,
  symbols: Symbols,
  hours: SessionHours,
): Map<string, DayBar[]> => {
  const bars = new Map<string, DayBar[]>();
  readCsv(DAY_FILES.minute_bars, text, MINUTE_BAR_COLUMNS, (row) => {
    const list = listOf(bars, knownSymbol(row, symbols));
    const bar: DayBar = {
      minute: row.count('minute'),
      open: row.number('open'),
      high: row.number('high'),
      low: row.number('low'),
      close: row.number('close'),
      volume: row.number('volume'),
      trade_count: row.count('trade_count'),
      vwap: row.number('vwap'),
    };
    const outside = findMinuteFault(bar.minute, hours);
    if (outside !== null) row.fail('minute', String(bar.minute), outside);
    const last = list.at(-1)?.minute ?? -1;
    if (bar.minute <= last)
      row.fail('minute', String(bar.minute), `a minute after ${last}, the one before it`);
    const fault = findBarFault(bar);
    if (fault) row.fail(fault.column, fault.was, fault.expected);
    if (bar.vwap < bar.low || bar.vwap > bar.high)
      row.fail('vwap', String(bar.vwap), `a price from the low ${bar.low} to the high ${bar.high}`);
    list.push(bar);
  });
  return bars;
};

/** `sessions` are the calendar's dates before the trading date. */
export const readDailyBars = (
  text: CsvText,
  symbols: Symbols,
  sessions: ReadonlySet<string>,
): Map<string, DailyBar[]> => {
  const bars = new Map<string, DailyBar[]>();
  // a date is kept once, not once for each bar
  const dates = new Map([...sessions].map((date) => [date, date]));
  readCsv(DAY_FILES.daily_bars, text, DAILY_BAR_COLUMNS, (row) => {
    const list = listOf(bars, knownSymbol(row, symbols));
    const bar: DailyBar = {
      date:
        dates.get(row.text('date')) ??
        row.fail(
          'date',
          JSON.stringify(row.text('date')),
          'a session of the calendar before the trading date',
        ),
      open: row.number('open'),
      high: row.number('high'),
      low: row.number('low'),
      close: row.number('close'),
      volume: row.number('volume'),
    };
    const last = list.at(-1)?.date ?? '';
    if (bar.date <= last) row.fail('date', bar.date, `a date after ${last}, the one before it`);
    const fault = findBarFault(bar);
    if (fault) row.fail(fault.column, fault.was, fault.expected);
    list.push(bar);
  });
  return bars;
};

const VOLUME = /^\d+(\.\d+)?$/;

export const readVolumeProfile = (text: CsvText, symbols: Symbols): Map<string, number[]> => {
  const profile = new Map<string, number[]>();
  readCsv(DAY_FILES.volume_profile, text, VOLUME_PROFILE_COLUMNS, (row) => {
    const symbol = knownSymbol(row, symbols);
    if (profile.has(symbol))
      row.fail('symbol', JSON.stringify(symbol), 'a symbol that has no row yet');
    const from = minuteOf(row, 'from_minute', MINUTES_PER_DAY);
    const volumes = row.text('mean_volumes').split(' ');
    if (from + volumes.length > MINUTES_PER_DAY)
      row.fail(
        'mean_volumes',
        `${volumes.length} numbers`,
        `at most ${MINUTES_PER_DAY - from}, one for each minute until midnight`,
      );
    const minutes = new Array<number>(MINUTES_PER_DAY).fill(0);
    volumes.forEach((volume, index) => {
      if (!VOLUME.test(volume))
        row.fail(
          'mean_volumes',
          `${JSON.stringify(volume)} at number ${index + 1}`,
          'decimal numbers of 0 or more, a space between them',
        );
      minutes[from + index] = Number(volume);
    });
    profile.set(symbol, minutes);
  });
  return profile;
};

const positive = (
  row: CsvRow<(typeof CORPORATE_ACTION_COLUMNS)[number]>,
  column: 'new_rate' | 'old_rate' | 'cash',
  wanted: boolean,
): string | null => {
  const text = row.text(column);
  if (!wanted)
    return text === ''
      ? null
      : row.fail(column, JSON.stringify(text), `nothing for a ${row.text('type')}`);
  return row.number(column) > 0 ? text : row.fail(column, JSON.stringify(text), 'a number above 0');
};

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;
const isDate = (text: string): boolean =>
  ISO_DATE.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);

export const readCorporateActions = (text: string, symbols: Symbols): CorporateAction[] => {
  const actions: CorporateAction[] = [];
  readCsv(DAY_FILES.corporate_actions, text, CORPORATE_ACTION_COLUMNS, (row) => {
    const type = row.oneOf('type', corporateActionTypes);
    const exDate = row.text('ex_date');
    if (!isDate(exDate)) row.fail('ex_date', JSON.stringify(exDate), 'a date such as 2026-03-10');
    const isSplit = type !== 'cash_dividend';
    const symbol = knownSymbol(row, symbols);
    if (
      isSplit &&
      actions.some((one) => one.symbol === symbol && one.ex_date === exDate && one.type === type)
    )
      row.fail('ex_date', exDate, `one ${type} of ${symbol} on a date`);
    actions.push({
      symbol,
      type,
      ex_date: exDate,
      new_rate: positive(row, 'new_rate', isSplit),
      old_rate: positive(row, 'old_rate', isSplit),
      cash: positive(row, 'cash', !isSplit),
    });
  });
  return actions;
};

export const readEvents = (text: string, symbols: Symbols): MarketEvent[] => {
  const events: MarketEvent[] = [];
  readCsv(DAY_FILES.events, text, EVENT_COLUMNS, (row) => {
    const from = minuteOf(row, 'from_minute', MINUTES_PER_DAY);
    const to = minuteOf(row, 'to_minute', MINUTES_PER_DAY + 1);
    if (to <= from) row.fail('to_minute', String(to), `a minute after from_minute ${from}`);
    events.push({
      symbol: knownSymbol(row, symbols),
      kind: row.oneOf('kind', marketEventKinds),
      from_minute: from,
      to_minute: to,
    });
  });
  return events;
};
