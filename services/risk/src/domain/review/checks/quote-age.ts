import { Exact } from '@catalyst/domain';
import { faultOfAge, percent, secondsBetween, type Check, type Finding } from '../check.ts';

/**
 * A quote that is too old still holds where a trade bears witness to it: a minute that ended no
 * longer ago closed within its bid and ask, give or take the widest spread allowed. The quotes of a
 * free account are one exchange's, and of many stocks minutes old.
 */
export const quoteAge: Check = {
  name: 'quote_age',
  code: 'QUOTE_STALE',
  refuses:
    'a quote that is missing, from the future, or older than `max_quote_age_seconds` without a trade that bears witness to it',
  find: (
    { symbol },
    { now, quote, last_bar: bar },
    { max_quote_age_seconds: limit, max_spread_ratio: margin },
  ): Finding => {
    if (!quote) return { read: {}, limit, value: 'none', fault: `there is no quote of ${symbol}` };
    const { quoted_at, bid_price, ask_price } = quote;
    const value = secondsBetween(quoted_at, now);
    const read = {
      quoted_at,
      now,
      last_close: bar?.close ?? null,
      bar_ended_at: bar?.ended_at ?? null,
    };
    const old = faultOfAge(`the quote of ${symbol}`, value, limit);
    if (old === null || value < 0) return { read, limit, value, fault: old };
    if (!bar || secondsBetween(bar.ended_at, now) > limit)
      return {
        read,
        limit,
        value,
        fault: `${old}, and no minute of the last ${limit} s with a trade bears witness to it`,
      };
    const isWithin =
      new Exact(bar.close).gte(new Exact(bid_price).times(1 - margin)) &&
      new Exact(bar.close).lte(new Exact(ask_price).times(1 + margin));
    return {
      read,
      limit,
      value,
      fault: isWithin
        ? null
        : `${old}, and the last minute closed at ${bar.close}, more than ${percent(margin)} outside of ${bid_price} to ${ask_price}`,
    };
  },
};
