import Papa from 'papaparse';

/**
 * Visits the rows of a CSV text (RFC 4180), the heading among them, one after the other: rows side
 * by side take more memory and time. A line break at the end begins no row; a quote in the wrong
 * place is forgiven.
 */
export const visitCsv = (text: string, visit: (cells: string[], index: number) => void): void => {
  let index = 0;
  let last: string[] | undefined;
  Papa.parse<string[]>(text, {
    delimiter: ',',
    step: ({ data }) => {
      if (last) visit(last, index++);
      last = data;
    },
  });
  // what the library finds after the last line break is one empty cell
  const isNoRow = text.endsWith('\n') && last?.length === 1 && last[0] === '';
  if (last && !isNoRow) visit(last, index);
};

/** All rows of a CSV text, as `visitCsv` reads them. */
export const parseCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  visitCsv(text, (cells) => rows.push(cells));
  return rows;
};

/** One line a row, ended by a line feed; cells are quoted where they must be, null is empty. */
export const formatCsv = (
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string => (rows.length === 0 ? '' : `${Papa.unparse(rows as unknown[][], { newline: '\n' })}\n`);
