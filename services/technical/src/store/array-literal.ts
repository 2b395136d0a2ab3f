/**
 * An array of numbers as PostgreSQL reads it; the driver would quote and escape each of them. NULL
 * where there is none.
 */
export const numbers = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join()}}`;

export const column = <T, K extends keyof T>(rows: readonly T[], name: K): T[K][] =>
  rows.map((row) => row[name]);
