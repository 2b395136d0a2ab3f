import { Exact, regulatoryFees, stableId, toDecimalString } from '@catalyst/domain';
import { instantText } from '../instant-text.ts';
import { minuteOf } from '../market/trading-time.ts';
import type { Account, Activity, FeeActivity, FillActivity } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';

/** When the fees of a day are booked, in New York: Alpaca's accounts show a quarter past eight. */
export const FEES_MINUTE = minuteOf('20:15');

const isSale = (activity: Activity): activity is FillActivity =>
  activity.activity_type === 'FILL' && activity.side !== 'buy';

/** The day's fees and what they are for, in Alpaca's words. */
const feesOf = (account: Account, date: string) => {
  const sales = account.activities.filter(isSale);
  const fees = regulatoryFees(date, sales);
  const sold = sales.reduce(
    (sum, { qty, price }) => sum.plus(new Exact(qty).times(price)),
    new Exact(0),
  );
  const shares = sales.reduce((sum, { qty }) => sum.plus(qty), new Exact(0));
  return [
    { type: 'REG' as const, amount: fees.sec, of: `$${sold.toFixed(2)}` },
    {
      type: 'TAF' as const,
      amount: fees.taf,
      of: `${toDecimalString(shares)} shares (${sales.length} trades)`,
    },
  ].filter(({ amount }) => !new Exact(amount).isZero());
};

/** Fees of the day's sales that are not booked yet. */
export const pendingFees = (account: Account, date: string): string =>
  account.activities.some(({ activity_type }) => activity_type === 'FEE')
    ? '0'
    : toDecimalString(Exact.sum(0, ...feesOf(account, date).map(({ amount }) => amount)));

/** Takes the day's fees from an account, each an activity of its own. */
export const bookFees = ({ market, ledger, now }: ExchangeContext, account: Account): void => {
  const { trade_date: date } = market.day;
  for (const { type, amount, of } of feesOf(account, date)) {
    const activity: FeeActivity = {
      id: `${date.replaceAll('-', '')}000000000::${stableId('fee', account.id, date, type)}`,
      activity_type: 'FEE',
      activity_sub_type: type,
      date,
      created_at: instantText(now()),
      net_amount: `-${amount}`,
      description: `${type} fee for proceed of ${of} on ${date} by ${account.account_number}`,
      status: 'executed',
      currency: 'USD',
    };
    account.activities.push(activity);
    account.cash = account.cash.minus(amount);
    ledger.append('fee', now(), { account_number: account.account_number, activity });
  }
};
