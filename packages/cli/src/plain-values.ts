/**
 * What the desk answered, without what a terminal would obey: each control character of a text, line
 * ends too, is a space. Names, reasons and headlines are written by others.
 */
export const plainValues = <T>(value: T): T => {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return value.map(plainValues) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, plainValues(inner)]),
  ) as T;
};

/** The same for one text. */
export const plainText = (text: string): string =>
  text.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, ' ');
