import { whyBlocked, type BrokerAccount } from '@catalyst/brokerage';
import type { Instant } from '@catalyst/domain';
import type { AccountRow } from '../book-rows.ts';

/** What the broker said of the account at an instant. */
export const accountRowOf = (
  account: BrokerAccount,
  read_at: Instant,
  fills_seq: number,
): AccountRow => ({
  read_at,
  account_number: account.account_number,
  equity_usd: account.equity,
  last_equity_usd: account.last_equity,
  cash_usd: account.cash,
  buying_power_usd: account.buying_power,
  maintenance_margin_usd: account.maintenance_margin,
  blocked_reason: whyBlocked(account),
  fills_seq,
});
