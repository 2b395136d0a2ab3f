import { Exact } from '@catalyst/domain';
import { sharesFor, sumOf, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

export const grossExposure: Cap = {
  name: 'max_gross_ratio',
  code: 'GROSS_EXPOSURE',
  refuses:
    'positions, entries and approvals of more than `max_gross_ratio` of the equity, long and short added',
  allow: (intent, { account, commitments, quote }, { max_gross_ratio }) => {
    const held = sumOf(commitments.map(({ notional_usd }) => notional_usd));
    const room = new Exact(account.equity_usd).times(max_gross_ratio).minus(held);
    return {
      read: { equity_usd: account.equity_usd, max_gross_ratio, held_usd: held.toFixed(2) },
      limit: room.toFixed(2),
      shares: sharesFor(room, costPrice(intent, quote)),
    };
  },
};
