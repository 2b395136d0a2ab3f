const MARKET_DATA = /^\/(v2\/stocks|v1beta\d|v1\/corporate-actions)(\/|$)/;
const CLOCK_CALENDAR_AND_EVENTS = /^\/(v2\/(clock|calendar|events)|v3)(\/|$)/;

/** Whether a path belongs to Alpaca's market data API; all else is its trading API. */
export const isMarketData = (path: string): boolean => MARKET_DATA.test(path);

/**
 * Whether a bad parameter on this path is answered as market data does (400 and a message) instead
 * of 422 and a code; the clock and the calendar are, by their specification.
 */
export const answersBadRequest = (path: string): boolean =>
  isMarketData(path) || CLOCK_CALENDAR_AND_EVENTS.test(path);
