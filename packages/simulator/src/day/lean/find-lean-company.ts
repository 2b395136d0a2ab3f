import type { ListingExchange } from '../day.ts';
import { DayError } from '../day-error.ts';
import type { LeanTable, LeanTables } from './lean-tables.ts';

interface LeanCompany {
  /** Its last ticker in small letters: the name of its factor file. */
  name: string;
  /** Where it was listed on the date; null where the map file does not say or names an exchange that a day does not have. */
  exchange: ListingExchange | null;
}

/** Codes of the exchanges in the vendor's map files. */
const EXCHANGES: Readonly<Record<string, ListingExchange>> = { Q: 'NASDAQ', N: 'NYSE', P: 'ARCA', A: 'AMEX' };

/** The ticker and exchange of a date. A row's date is the last on which its ticker held; the first row is the first day of trading. */
const rowOf = ({ file, text }: LeanTable, date: string): { ticker: string; exchange: string } | null => {
  const day = date.replaceAll('-', '');
  const rows = text.split('\n').map((line) => line.trim().split(','));
  while (rows.at(-1)?.join('') === '') rows.pop();
  rows.forEach(([stamp = '', ticker = ''], index) => {
    if (!/^\d{8}$/.test(stamp) || ticker === '') throw new DayError({ file, line: index + 1, column: null, was: JSON.stringify(rows[index]?.join(',')), expected: 'a date such as 20140606, a ticker and an exchange, a comma between them' });
  });
  if (day < (rows[0]?.[0] ?? day)) return null;
  const row = rows.find(([stamp = '']) => stamp >= day);
  return row ? { ticker: row[1] ?? '', exchange: row[2] ?? '' } : null;
};

/** The company that traded under a ticker on a date: another may have it today, or the company another ticker. Null where no map file knows. */
export const findLeanCompany = async (maps: LeanTables, symbol: string, date: string): Promise<LeanCompany | null> => {
  const ticker = symbol.toLowerCase();
  const own = await maps.names();
  for (const name of [...own.filter((one) => one === ticker), ...own.filter((one) => one !== ticker)]) {
    const table = await maps.read(name);
    const row = table && rowOf(table, date);
    if (row?.ticker.toLowerCase() === ticker) return { name, exchange: EXCHANGES[row.exchange] ?? null };
  }
  return null;
};
