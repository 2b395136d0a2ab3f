import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { AccountConfiguration } from './account-configuration.ts';

/*
 * Alpaca's margin rules, from https://docs.alpaca.markets/us/docs/margin-and-short-selling, and
 * what FINRA's intraday margin rule (Regulatory Notice 26-10, at Alpaca since June 4, 2026) made of
 * them: the four times of intraday buying power need an equity of $2,000 instead of $25,000 and no
 * count of day trades, see
 * https://alpaca.markets/blog/finra-retires-the-pdt-rule-introducing-alpacas-new-intraday-margin-framework/.
 * Buying power follows the account as it stands.
 */

/** Equity in dollars below which Alpaca lends neither money nor shares. */
export const MARGIN_EQUITY = 2_000;

/** Within the day a quarter of a marginable position is margin. */
const INTRADAY_MULTIPLIER = 4;
/** Regulation T, for what is held overnight: half of a marginable position. */
const REGULATION_T_MULTIPLIER = 2;

/**
 * By how much buying power exceeds the equity: 1 below `MARGIN_EQUITY`, else 4, never more than the
 * account's owner allows.
 */
export const marginMultiplier = (
  configuration: Pick<AccountConfiguration, 'max_margin_multiplier'>,
  equity: Decimal,
): number =>
  equity.lt(MARGIN_EQUITY)
    ? 1
    : Math.min(INTRADAY_MULTIPLIER, Number(configuration.max_margin_multiplier));

/** The same overnight. */
export const overnightMultiplier = (multiplier: number): number =>
  Math.min(REGULATION_T_MULTIPLIER, multiplier);

/**
 * A position of more than this many times the equity restricts an account to closing orders:
 * https://docs.alpaca.markets/us/docs/user-protection.
 */
export const MOST_EQUITY_IN_A_POSITION = 6;

/**
 * Dollars that one share at `price` must be covered by for as long as it is held; all of a long
 * share that is not marginable.
 */
export const maintenancePerShare = (
  price: Decimal,
  isShort: boolean,
  isMarginable: boolean,
): Decimal => {
  if (isShort) return price.lt(5) ? Exact.max('2.5', price) : Exact.max(5, price.times('0.3'));
  if (!isMarginable || price.lt('2.5')) return price;
  return price.times(new Exact(price.lt(6) ? '0.5' : '0.3'));
};
