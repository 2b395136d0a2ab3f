import { Exact } from '@catalyst/domain';
import { percent, type Check, type Finding } from '../check.ts';

export const priceNearQuote: Check = {
  name: 'price_near_quote',
  code: 'PRICE_FAR_FROM_QUOTE',
  refuses: 'an entry or limit price farther from the quote than `max_price_gap_ratio`',
  find: (
    { symbol, entry_price, limit_price },
    { quote },
    { max_price_gap_ratio: limit },
  ): Finding => {
    if (!quote)
      return { read: {}, limit, value: 'none', fault: null, unknown: 'there is no quote' };
    const { bid_price, ask_price } = quote;
    // how far a price lies outside of the quote
    const gapOf = (price: string): number =>
      Exact.max(
        0,
        new Exact(price).minus(ask_price).div(ask_price),
        new Exact(bid_price).minus(price).div(bid_price),
      ).toNumber();
    const value = Math.max(gapOf(entry_price), gapOf(limit_price ?? entry_price));
    return {
      read: { entry_price, limit_price, bid_price, ask_price },
      limit,
      value,
      fault:
        value <= limit
          ? null
          : `the price of ${symbol} (${entry_price}, limit ${limit_price ?? 'none'}) is ${percent(value)} outside of the quote ${bid_price} to ${ask_price}, at most ${percent(limit)}`,
    };
  },
};
