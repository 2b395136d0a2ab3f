import type { Decimal } from 'decimal.js';
import { toCents } from './money.ts';
import { nearestTick, priceDecimals } from './tick-size.ts';

/** US dollars to the cent, as every text of the desk writes them: $1,012.30, -$97.74. */
export const dollarWords = (usd: Decimal.Value): string =>
  toCents(usd)
    .replace(/^(-?)/, '$1$$')
    .replace(/\B(?=(\d{3})+\.)/g, ',');

/** From a dollar on and on its tick, as most prices are: nothing of it has to be rounded. */
const ON_TICK = /^[1-9]\d{0,11}(\.\d{1,2})?$/;

/** A price as the exchange writes it: two decimals from a dollar on, four below. */
export const priceWords = (price: string | number): string =>
  ON_TICK.test(String(price))
    ? Number(price).toFixed(2)
    : Number(nearestTick(price)).toFixed(priceDecimals(price));
