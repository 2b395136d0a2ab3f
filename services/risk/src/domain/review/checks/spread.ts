import { Exact } from '@catalyst/domain';
import { percent, type Check, type Finding } from '../check.ts';

export const spread: Check = {
  name: 'spread',
  code: 'SPREAD_TOO_WIDE',
  refuses: 'a spread wider than `max_spread_ratio`, or a crossed quote',
  find: ({ symbol }, { quote }, { max_spread_ratio: limit }): Finding => {
    if (!quote)
      return { read: {}, limit, value: 'none', fault: null, unknown: 'there is no quote' };
    const { bid_price, ask_price } = quote;
    const mid = new Exact(bid_price).plus(ask_price).div(2);
    const value = mid.gt(0)
      ? new Exact(ask_price).minus(bid_price).div(mid).toNumber()
      : Number.NaN;
    return {
      read: { bid_price, ask_price },
      limit,
      value,
      fault:
        value >= 0 && value <= limit
          ? null
          : `the spread of ${symbol} is ${percent(value)}, at most ${percent(limit)}`,
    };
  },
};
