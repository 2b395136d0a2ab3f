/**
 * An escape of JSON.stringify, which writes whole characters as they are: one of a NUL, one of half
 * a character (a lone surrogate), or any other. PostgreSQL stores neither of the first two.
 */
const ESCAPE = /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/** Whether a value holds no text, however deep, that the database cannot keep. */
export const isStorable = (value: unknown): boolean =>
  !(JSON.stringify(value) ?? '').match(ESCAPE)?.some((escape) => escape.length > 2);

/** A copy with the replacement character for whatever the database cannot keep, in names too. */
export const storable = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value).replace(ESCAPE, (escape) => (escape.length > 2 ? '\\ufffd' : escape)),
  ) as T;
