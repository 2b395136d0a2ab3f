import { Exact, toDecimalString } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { reservedForExits, type Account, type Position } from '../exchange/account.ts';
import { assetId } from '../exchange/create-orders.ts';
import { pendingFees } from '../exchange/fees.ts';
import { MARGIN_EQUITY } from '../exchange/margin.ts';
import { markPrice, valueAccount } from '../exchange/value-account.ts';
import type { DaySecurity } from '../day/day.ts';
import { microsecondText, nanosecondsOf, toNanoseconds } from '../nanoseconds.ts';
import type { Simulation } from '../simulation.ts';
import { cusipOf } from './corporate-actions-routes.ts';

/** Dollars as the account shows them; half a cent goes to the even one. */
const cents = (amount: Decimal): string => toDecimalString(amount.toDecimalPlaces(2));

/**
 * `GET /v2/account`: the fields of the pattern-day-trader rule are gone, as they are at Alpaca
 * since July 2026.
 */
export const accountView = (simulation: Simulation, account: Account): Record<string, unknown> => {
  const { market } = simulation;
  const value = valueAccount(account, market, simulation.finished());
  const previous = market.day.calendar.findLast(({ date }) => date < market.day.trade_date);
  return {
    id: account.id,
    account_number: account.account_number,
    status: 'ACTIVE',
    currency: 'USD',
    cash: cents(account.cash),
    portfolio_value: cents(value.equity),
    equity: cents(value.equity),
    last_equity: cents(account.opening_cash),
    long_market_value: cents(value.long_market_value),
    short_market_value: cents(value.short_market_value),
    position_market_value: cents(value.position_market_value),
    initial_margin: cents(value.initial_margin),
    maintenance_margin: cents(value.maintenance_margin),
    last_maintenance_margin: '0',
    buying_power: cents(value.buying_power),
    effective_buying_power: cents(value.buying_power),
    regt_buying_power: cents(value.regt_buying_power),
    non_marginable_buying_power: cents(value.non_marginable_buying_power),
    options_buying_power: cents(value.regt_buying_power.div(2)),
    options_approved_level: 0,
    options_trading_level: 0,
    multiplier: String(value.multiplier),
    sma: '0',
    accrued_fees: '0',
    intraday_adjustments: '0',
    pending_reg_taf_fees: pendingFees(account, market.day.trade_date),
    balance_asof: previous?.date ?? market.day.trade_date,
    created_at: microsecondText(
      toNanoseconds(market.time.midnight_ms) +
        BigInt(nanosecondsOf('account', account.id, market.time.midnight_ms)),
    ),
    account_blocked: false,
    trading_blocked: false,
    transfers_blocked: false,
    trade_suspended_by_user: account.configuration.suspend_trade,
    shorting_enabled: value.equity.gte(MARGIN_EQUITY) && !account.configuration.no_shorting,
    crypto_status: 'INACTIVE',
    crypto_tier: 0,
    admin_configurations: {},
    user_configurations: null,
  };
};

/** Ratios have five decimals since 2026. */
const ratio = (part: Decimal, whole: Decimal): string =>
  whole.isZero() ? '0' : toDecimalString(part.div(whole).toDecimalPlaces(5));

export const positionView = (
  simulation: Simulation,
  account: Account,
  position: Position,
): Record<string, unknown> => {
  const { market } = simulation;
  const { security } = market.listings.get(position.symbol)!;
  const current = markPrice(market, position.symbol, simulation.finished());
  const lastDay = new Exact(market.previousClose(position.symbol) ?? current);
  const cost = position.qty.times(position.avg_entry_price);
  const value = position.qty.times(current);
  const profit = value.minus(cost);
  const available = Exact.max(
    0,
    position.qty.abs().minus(reservedForExits(account, position.symbol).qty),
  );
  return {
    asset_id: assetId(position.symbol),
    symbol: position.symbol,
    exchange: security.exchange,
    asset_class: 'us_equity',
    asset_marginable: security.marginable,
    qty: toDecimalString(position.qty),
    qty_available: toDecimalString(position.qty.isNegative() ? available.negated() : available),
    avg_entry_price: toDecimalString(position.avg_entry_price.toDecimalPlaces(6)),
    side: position.qty.isNegative() ? 'short' : 'long',
    market_value: toDecimalString(value),
    cost_basis: toDecimalString(cost.toDecimalPlaces(9)),
    unrealized_pl: toDecimalString(profit.toDecimalPlaces(9)),
    unrealized_plpc: ratio(profit, cost.abs()),
    unrealized_intraday_pl: toDecimalString(profit.toDecimalPlaces(9)),
    unrealized_intraday_plpc: ratio(profit, cost.abs()),
    current_price: toDecimalString(current),
    lastday_price: toDecimalString(lastDay),
    change_today: ratio(current.minus(lastDay), lastDay),
  };
};

export const assetView = (security: DaySecurity): Record<string, unknown> => ({
  id: assetId(security.symbol),
  class: 'us_equity',
  exchange: security.exchange,
  cusip: cusipOf(security.symbol),
  symbol: security.symbol,
  name: security.name,
  status: 'active',
  tradable: security.tradable,
  marginable: security.marginable,
  shortable: security.shortable,
  easy_to_borrow: security.easy_to_borrow,
  borrow_status: security.easy_to_borrow ? 'easy_to_borrow' : 'hard_to_borrow',
  fractionable: security.fractionable,
  margin_requirement_long: security.marginable ? '50' : '100',
  margin_requirement_short: security.marginable ? '50' : '100',
  attributes: [],
});
