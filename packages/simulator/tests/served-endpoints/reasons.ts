/** Why operations of both specifications are not served. */
export const CRYPTO = 'crypto and its wallets: days hold US stocks only';
export const OPTIONS = 'options: days hold US stocks only';
export const PERPETUALS = 'perpetual futures: days hold US stocks only';
export const FIXED_INCOME = 'fixed income: days hold US stocks only';
