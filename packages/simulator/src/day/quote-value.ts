/** Text of a value that a message can quote. */
export const quoteValue = (value: unknown): string =>
  value === undefined ? 'missing' : JSON.stringify(value).slice(0, 120);
