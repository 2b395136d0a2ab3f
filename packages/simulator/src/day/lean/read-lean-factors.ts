import { parseCsv } from '@catalyst/domain';
import type { CorporateAction } from '../day.ts';
import { DayError } from '../day-error.ts';
import type { LeanTable } from './lean-tables.ts';

interface FactorRow {
  /** The last session on which the factors hold; the action is effective on the next session. */
  date: string;
  price_factor: number;
  split_factor: number;
  /** Raw close of that session. */
  close: number;
}

const DECIMAL = /^\d+(\.\d+)?(e-\d+)?$/i;
const LARGEST_RATE = 50;
const SAME_RATIO = 1e-4;
/** A change of a factor below this is rounding of the vendor's seven digits. */
const LEAST_CHANGE = 1e-6;

/**
 * As LEAN does, rows are passed over whose factor became too large to be written out, or nothing.
 */
const readRows = ({ file, text }: LeanTable): FactorRow[] => {
  const rows: FactorRow[] = [];
  parseCsv(text).forEach(([stamp = '', ...cells], index) => {
    if (stamp === '' && cells.length === 0) return;
    if (cells.some((cell) => cell.includes('inf') || cell.includes('e+'))) return;
    const fail = (column: string | null, was: string, expected: string): never => {
      throw new DayError({ file, line: index + 1, column, was, expected });
    };
    const match = /^(\d{4})(\d\d)(\d\d)$/.exec(stamp);
    if (!match) return fail('date', JSON.stringify(stamp), 'a date such as 20140606');
    const [price = 0, split = 0, close = 0] = ['price factor', 'split factor', 'close'].map(
      (column, at) => {
        const cell = cells[at] ?? '';
        return DECIMAL.test(cell)
          ? Number(cell)
          : fail(column, JSON.stringify(cell), 'a decimal number');
      },
    );
    if (price * split === 0) return;
    const row = {
      date: `${match[1]}-${match[2]}-${match[3]}`,
      price_factor: price,
      split_factor: split,
      close,
    };
    const last = rows.at(-1)?.date ?? '';
    if (row.date <= last) fail('date', stamp, `a date after ${last}, the one before it`);
    rows.push(row);
  });
  return rows;
};

/** The ratio as two whole numbers where it is one within 0.01 %, else as a decimal to one. */
const splitRates = (ratio: number): { new_rate: string; old_rate: string } => {
  for (let old = 1; old <= LARGEST_RATE; old += 1) {
    const whole = Math.round(ratio * old);
    if (whole >= 1 && whole <= LARGEST_RATE && Math.abs(whole / old / ratio - 1) < SAME_RATIO)
      return { new_rate: String(whole), old_rate: String(old) };
  }
  return { new_rate: ratio.toFixed(6), old_rate: '1' };
};

/**
 * Splits and dividends of a factor file whose ex-date lies in `sessions` (the exchange's dates,
 * ascending). A row's factors hold up to and including its date, so the ex-date is the session
 * after it. The dividend is close x (1 - factor / next factor).
 */
export const readLeanActions = (
  factors: LeanTable,
  symbol: string,
  sessions: readonly string[],
): CorporateAction[] => {
  const rows = readRows(factors);
  const actions: CorporateAction[] = [];
  rows.forEach((row, index) => {
    const next = rows[index + 1];
    const first = sessions[0] ?? '';
    const exDate = sessions.find((date) => date > row.date);
    if (!next || exDate === undefined || row.date < first) return;
    const ratio = next.split_factor / row.split_factor;
    if (Math.abs(ratio - 1) > LEAST_CHANGE) {
      actions.push({
        symbol,
        type: ratio > 1 ? 'forward_split' : 'reverse_split',
        ex_date: exDate,
        ...splitRates(ratio),
        cash: null,
      });
    }
    const paid = 1 - row.price_factor / next.price_factor;
    if (paid > LEAST_CHANGE)
      actions.push({
        symbol,
        type: 'cash_dividend',
        ex_date: exDate,
        new_rate: null,
        old_rate: null,
        cash: (row.close * paid).toFixed(4),
      });
  });
  return actions;
};
