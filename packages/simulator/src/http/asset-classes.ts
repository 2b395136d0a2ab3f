/** Alpaca's classes of assets; the simulator has the first alone. */
export const ASSET_CLASSES = [
  'us_equity',
  'us_option',
  'crypto',
  'crypto_perp',
  'treasury',
  'corporate',
  'global_equity',
  'us_index',
  'us_equity_chain',
  'ipo',
] as const;
