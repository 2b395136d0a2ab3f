import { Exact } from '@catalyst/domain';

/** One day that the desk worked. */
export interface TradingDay {
  trade_date: string;
  realized_pnl_usd: string;
  /** Equity at the previous close; null when the account was not read that day. */
  start_equity_usd: string | null;
}

/**
 * Realised profit / equity at the previous close, so that deposits and withdrawals do not count;
 * null when that equity is unknown or not above zero.
 */
export const dayReturn = ({ realized_pnl_usd, start_equity_usd }: TradingDay): number | null => {
  if (start_equity_usd === null || new Exact(start_equity_usd).lte(0)) return null;
  return new Exact(realized_pnl_usd).div(start_equity_usd).toNumber();
};
