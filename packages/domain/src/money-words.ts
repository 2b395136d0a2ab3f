import type { Decimal } from 'decimal.js';
import { toCents } from './money.ts';
import { nearestTick, priceDecimals } from './tick-size.ts';

/** US dollars to the cent, as every text of the desk writes them: $1,012.30, -$97.74. */
export const dollarWords = (usd: Decimal.Value): string =>
  toCents(usd)
    .replace(/^(-?)/, '$1$$')
    .replace(/\B(?=(\d{3})+\.)/g, ',');

/** A price as the exchange writes it: two decimals from a dollar on, four below. */
export const priceWords = (price: string | number): string =>
  Number(nearestTick(price)).toFixed(priceDecimals(price));
