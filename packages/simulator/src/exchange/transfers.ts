import { Exact, stableId, toDecimalString } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { instantText } from '../instant-text.ts';
import type { Account, TransferActivity } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';

/** Moves cash into the account, or out of it where the amount is negative; an activity of its own. */
export const bookTransfer = (
  { market, ledger, now }: ExchangeContext,
  account: Account,
  amount: Decimal,
): TransferActivity => {
  const { trade_date: date } = market.day;
  const isDeposit = amount.isPositive();
  const activity: TransferActivity = {
    id: `${date.replaceAll('-', '')}000000000::${stableId('transfer', account.id, account.activities.length)}`,
    activity_type: isDeposit ? 'CSD' : 'CSW',
    date,
    created_at: instantText(now()),
    net_amount: toDecimalString(amount),
    description: isDeposit ? 'Cash deposit' : 'Cash withdrawal',
    status: 'executed',
    currency: 'USD',
  };
  account.activities.push(activity);
  account.cash = new Exact(account.cash).plus(amount);
  ledger.append('transfer', now(), { account_number: account.account_number, activity });
  return activity;
};
