import { parseCsv } from '@catalyst/domain';
import type { ListingExchange } from '../day.ts';
import { DayError } from '../day-error.ts';
import type { LeanTable, LeanTables } from './lean-tables.ts';

interface LeanCompany {
  /** Its last ticker in small letters: the name of its factor file. */
  name: string;
  /**
   * Where it was listed on the date; null where the map file does not say or names an exchange that
   * a day does not have.
   */
  exchange: ListingExchange | null;
}

/** Codes of the exchanges in the vendor's map files. */
const EXCHANGES: Readonly<Record<string, ListingExchange>> = {
  Q: 'NASDAQ',
  N: 'NYSE',
  P: 'ARCA',
  A: 'AMEX',
};

/**
 * The ticker and exchange of a date. A row's date is the last on which its ticker held; the first
 * row is the first day of trading.
 */
const rowOf = (
  { file, text }: LeanTable,
  date: string,
): { ticker: string; exchange: string } | null => {
  const day = date.replaceAll('-', '');
  const rows = parseCsv(text);
  while (rows.at(-1)?.join('') === '') rows.pop();
  rows.forEach(([stamp = '', ticker = ''], index) => {
    if (!/^\d{8}$/.test(stamp) || ticker === '')
      throw new DayError({
        file,
        line: index + 1,
        column: null,
        was: JSON.stringify(rows[index]?.join(',')),
        expected: 'a date such as 20140606, a ticker and an exchange, a comma between them',
      });
  });
  if (day < (rows[0]?.[0] ?? day)) return null;
  const row = rows.find(([stamp = '']) => stamp >= day);
  return row ? { ticker: row[1] ?? '', exchange: row[2] ?? '' } : null;
};

/**
 * Finds the company that traded under a ticker on a date, null where no map file knows: another may
 * have the ticker today, or the company another one.
 */
export type FindLeanCompany = (symbol: string, date: string) => Promise<LeanCompany | null>;

/**
 * Looks at the map file of a ticker's own name first; all of them are read once, where that is not
 * enough for the first time.
 */
export const createFindLeanCompany = (maps: LeanTables): FindLeanCompany => {
  const under = (table: LeanTable | null, ticker: string, date: string) => {
    const row = table && rowOf(table, date);
    return row?.ticker.toLowerCase() === ticker
      ? { exchange: EXCHANGES[row.exchange] ?? null }
      : null;
  };
  /** Every company that ever had a ticker. */
  const index = async (): Promise<Map<string, (LeanTable & { name: string })[]>> => {
    const byTicker = new Map<string, (LeanTable & { name: string })[]>();
    for (const table of await maps.all()) {
      const tickers = new Set(parseCsv(table.text).map(([, ticker = '']) => ticker.toLowerCase()));
      for (const ticker of tickers) byTicker.set(ticker, [...(byTicker.get(ticker) ?? []), table]);
    }
    return byTicker;
  };
  let indexed: ReturnType<typeof index> | null = null;
  return async (symbol, date) => {
    const ticker = symbol.toLowerCase();
    const own = under(await maps.read(ticker), ticker, date);
    if (own) return { name: ticker, ...own };
    indexed ??= index();
    for (const table of (await indexed).get(ticker) ?? []) {
      const found = under(table, ticker, date);
      if (found) return { name: table.name, ...found };
    }
    return null;
  };
};
