import { DayError } from './day-error.ts';

const QUOTED = /[",\r\n]/;

/**
 * A cell as RFC 4180 writes it: quoted only when it must be. Line breaks are refused, so that one
 * row is one line.
 */
const cell = (value: string | number | boolean | null): string => {
  if (value === null) return '';
  const text = String(value);
  if (/[\r\n]/.test(text))
    throw new RangeError(`a cell must be one line, was ${JSON.stringify(text)}`);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Header and rows, each line ended by a line feed. */
export const writeCsv = (
  columns: readonly string[],
  rows: Iterable<readonly (string | number | boolean | null)[]>,
): string => {
  const lines = [columns.join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  return `${lines.join('\n')}\n`;
};

/** Splits one line; null when its quotes are wrong. */
const splitLine = (line: string): string[] | null => {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let text = '';
      for (at += 1; ; at += 1) {
        if (at >= line.length) return null;
        if (line[at] !== '"') text += line[at];
        else if (line[at + 1] === '"') text += line[(at += 1)];
        else break;
      }
      cells.push(text);
      at += 1;
      if (at < line.length && line[at] !== ',') return null;
    } else {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      const text = line.slice(at, end);
      if (text.includes('"')) return null;
      cells.push(text);
      at = end;
    }
    if (at >= line.length) return cells;
    at += 1;
  }
};

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
  const found = splitLine(header) ?? [];
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

/** A table as text, or as its lines where it is too large to be one text. */
export type CsvText = string | Iterable<string>;

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from);
    const to = feed === -1 ? text.length : feed;
    yield text.slice(from, to);
    from = to + 1;
  }
}

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
  // one line at a time: a large day's lines side by side take more memory than the day
  const lines = (typeof text === 'string' ? linesOf(text) : text)[Symbol.iterator]();
  const { value: first, done: isEmpty } = lines.next();
  if (isEmpty)
    throw new DayError({
      file,
      line: 1,
      column: null,
      was: 'an empty file',
      expected: `the header ${header}`,
    });
  if (first !== header)
    throw new DayError({
      file,
      line: 1,
      column: null,
      was: `${JSON.stringify(first)}${headerFault(first, columns)}`,
      expected: `the header ${header}`,
    });
  const position = new Map<C, number>(columns.map((column, index) => [column, index]));
  let cells: string[] = [];
  let line = 1;
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
  for (let next = lines.next(); !next.done; next = lines.next()) {
    line += 1;
    const content = next.value;
    const found = splitLine(content);
    if (found === null) fail(null, JSON.stringify(content), 'cells whose quotes are closed');
    else if (found.length !== columns.length)
      fail(null, `${found.length} cells`, `${columns.length} cells (${header})`);
    else cells = found;
    visit(row);
  }
};
