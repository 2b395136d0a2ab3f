/** Channels of the stock data streams. */
export const STOCK_CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'corrections',
  'cancelErrors',
] as const;

/**
 * Alpaca's channels on any data stream: one of another feed is 410, any other field is not looked
 * at.
 */
export const ALL_CHANNELS = [...STOCK_CHANNELS, 'imbalances', 'orderbooks', 'news', 'pricing'];
