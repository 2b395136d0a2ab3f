/** Alpaca's codes of the market data streams with their messages. */
export const DATA_ERRORS = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  409: 'insufficient subscription',
  410: 'invalid subscribe action for this feed',
} as const;
export type DataErrorCode = keyof typeof DATA_ERRORS;

export const dataError = (
  code: DataErrorCode,
): { T: 'error'; code: DataErrorCode; msg: string } => ({
  T: 'error',
  code,
  msg: DATA_ERRORS[code],
});
