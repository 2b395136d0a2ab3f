import { formatCsv, parseCsv, visitCsv } from '@catalyst/domain';
import { DayError } from './day-error.ts';

/**
 * Header and rows, each line ended by a line feed. Line breaks are refused, so that one row is one
 * line.
 */
export const writeCsv = (
  columns: readonly string[],
  rows: Iterable<readonly (string | number | boolean | null)[]>,
): string => {
  const all = [columns, ...rows];
  for (const row of all)
    for (const cell of row)
      if (typeof cell === 'string' && /[\r\n]/.test(cell))
        throw new RangeError(`a cell must be one line, was ${JSON.stringify(cell)}`);
  return formatCsv(all);
};

/** A line whose quotes are as RFC 4180 has them, and closed. */
const WELL_QUOTED = /^(?:[^",]*|"[^"]*(?:""[^"]*)*")(?:,(?:[^",]*|"[^"]*(?:""[^"]*)*"))*$/;

/**
 * The row being visited; each reader names its column, and a value of another kind is refused with
 * its place.
 */
export interface CsvRow<C extends string> {
  readonly line: number;
  text(column: C): string;
  /** A finite number in plain decimal notation. */
  number(column: C): number;
  /** A whole number, not negative. */
  count(column: C): number;
  flag(column: C): boolean;
  oneOf<T extends string>(column: C, values: readonly T[]): T;
  fail(column: C | null, was: string, expected: string): never;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;
const WHOLE = /^\d{1,15}$/;

/** What is the matter with a header, in words that follow it. */
const headerFault = (header: string, columns: readonly string[]): string => {
  const [found = []] = parseCsv(header);
  const unknown = found.filter((column) => !columns.includes(column));
  const missing = columns.filter((column) => !found.includes(column));
  const faults = [
    ...(unknown.length > 0
      ? [`unknown: ${unknown.map((column) => JSON.stringify(column)).join(', ')}`]
      : []),
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
  ];
  return faults.length === 0 ? ' (another order)' : ` (${faults.join('; ')})`;
};

/** A table as text, or as pieces of whole lines where it is too large to be one text. */
export type CsvText = string | Iterable<string>;

/**
 * Visits the rows of a CSV text in order; the header must be exactly `columns`, and every row must
 * have all of them.
 */
export const readCsv = <C extends string>(
  file: string,
  text: CsvText,
  columns: readonly C[],
  visit: (row: CsvRow<C>) => void,
): void => {
  const header = columns.join(',');
  const position = new Map<C, number>(columns.map((column, index) => [column, index]));
  let cells: string[] = [];
  let line = 0;
  const fail = (column: C | null, was: string, expected: string): never => {
    throw new DayError({ file, line, column, was, expected });
  };
  const read = (column: C): string => cells[position.get(column) ?? -1] ?? '';
  const row: CsvRow<C> = {
    get line() {
      return line;
    },
    text: read,
    number: (column) =>
      DECIMAL.test(read(column))
        ? Number(read(column))
        : fail(column, JSON.stringify(read(column)), 'a decimal number'),
    count: (column) =>
      WHOLE.test(read(column))
        ? Number(read(column))
        : fail(column, JSON.stringify(read(column)), 'a whole number, 0 or more'),
    flag: (column) => {
      const value = read(column);
      return value === 'true' || value === 'false'
        ? value === 'true'
        : fail(column, JSON.stringify(value), 'true or false');
    },
    oneOf: (column, values) =>
      values.find((value) => value === read(column)) ??
      fail(column, JSON.stringify(read(column)), `one of ${values.join(', ')}`),
    fail,
  };
  const checkHeader = (found: string): void => {
    if (found !== header)
      fail(null, `${JSON.stringify(found)}${headerFault(found, columns)}`, `the header ${header}`);
  };
  const checkQuotes = (content: string): void => {
    if (content.includes('"') && !WELL_QUOTED.test(content))
      fail(null, JSON.stringify(content), 'cells whose quotes are closed');
  };
  for (const piece of typeof text === 'string' ? [text] : text) {
    const quotedLines = piece.includes('"') ? piece.split('\n') : null;
    visitCsv(piece, (found, index) => {
      line += 1;
      if (line === 1) return checkHeader(piece.split('\n', 1)[0]!);
      if (quotedLines) checkQuotes(quotedLines[index]!);
      if (found.length !== columns.length)
        fail(null, `${found.length} cells`, `${columns.length} cells (${header})`);
      cells = found;
      visit(row);
    });
  }
  if (line === 0) {
    line = 1;
    fail(null, 'an empty file', `the header ${header}`);
  }
};
