import { Exact } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import type { AccountConfiguration } from './account-configuration.ts';

/*
 * Alpaca's margin rules, from https://docs.alpaca.markets/us/docs/margin-and-short-selling. An account trades with the overnight multiplier all day:
 * the four times of intraday buying power are not given.
 */

/** Equity in dollars below which Alpaca lends neither money nor shares. */
export const MARGIN_EQUITY = 2_000;

/** Regulation T: half of a marginable position is margin. */
const REGULATION_T_MULTIPLIER = 2;

/** By how much buying power exceeds the equity: 1 below `MARGIN_EQUITY`, else 2, never more than the account's owner allows. */
export const marginMultiplier = (configuration: Pick<AccountConfiguration, 'max_margin_multiplier'>, equity: Decimal): number =>
  equity.lt(MARGIN_EQUITY) ? 1 : Math.min(REGULATION_T_MULTIPLIER, Number(configuration.max_margin_multiplier));

/** Dollars that one share at `price` must be covered by for as long as it is held; all of a long share that is not marginable. */
export const maintenancePerShare = (price: Decimal, isShort: boolean, isMarginable: boolean): Decimal => {
  if (isShort) return price.lt(5) ? Decimal.max('2.5', price) : Decimal.max(5, price.times('0.3'));
  if (!isMarginable || price.lt('2.5')) return price;
  return price.times(new Exact(price.lt(6) ? '0.5' : '0.3'));
};
