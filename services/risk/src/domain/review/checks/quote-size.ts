import { Exact } from '@catalyst/domain';
import type { Check, Finding } from '../check.ts';

export const quoteSize: Check = {
  name: 'quote_size',
  code: 'LIQUIDITY',
  refuses: 'a quote that nobody stands behind: no shares bid or none offered',
  find: ({ symbol }, { quote }): Finding => {
    if (!quote)
      return { read: {}, limit: 1, value: 'none', fault: null, unknown: 'there is no quote' };
    const { bid_size, ask_size } = quote;
    const least = Exact.min(bid_size, ask_size);
    return {
      read: { bid_size, ask_size },
      limit: 1,
      value: least.toFixed(),
      fault: least.gt(0)
        ? null
        : `nobody stands behind the quote of ${symbol}: ${bid_size} shares bid, ${ask_size} offered`,
    };
  },
};
