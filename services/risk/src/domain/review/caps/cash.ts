import { Exact } from '@catalyst/domain';
import { sharesFor, sumOf, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

export const cash: Cap = {
  name: 'cash',
  code: 'CASH',
  refuses: 'a purchase that the cash does not pay, entries on their way and approvals paid first',
  allow: (intent, { account, commitments, quote }) => {
    if (intent.direction === 'short') return null;
    const promised = sumOf(
      commitments
        .filter(({ direction }) => direction === 'long')
        .map(({ pending_usd }) => pending_usd),
    );
    const room = new Exact(account.cash_usd).plus(account.cash_since_usd).minus(promised);
    return {
      read: {
        cash_usd: account.cash_usd,
        since_usd: account.cash_since_usd,
        promised_usd: promised.toFixed(2),
      },
      limit: room.toFixed(2),
      shares: sharesFor(room, costPrice(intent, quote)),
    };
  },
};
