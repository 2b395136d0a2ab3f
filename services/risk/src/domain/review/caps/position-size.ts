import { Exact } from '@catalyst/domain';
import { sharesFor, type Cap } from '../check.ts';
import { costPrice } from '../prices.ts';

export const positionSize: Cap = {
  name: 'max_position_ratio',
  code: 'POSITION_SIZE_LIMIT',
  refuses: 'a position of more than `max_position_ratio` of the equity',
  allow: (intent, { account, quote }, { max_position_ratio }) => {
    const most = new Exact(account.equity_usd).times(max_position_ratio);
    const price = costPrice(intent, quote);
    return {
      read: { equity_usd: account.equity_usd, max_position_ratio, price: price.toFixed() },
      limit: most.toFixed(2),
      shares: sharesFor(most, price),
    };
  },
};
