import { Exact } from '@catalyst/domain';
import { percent, refuse, secondsBetween, type Check } from './check.ts';

/**
 * A quote that is too old still holds where a trade bears witness to it: a minute that ended no
 * longer ago closed within its bid and ask, give or take the widest spread allowed. The quotes of a
 * free account are one exchange's, and of many stocks minutes old.
 */
const checkQuoteAge: Check = (
  { symbol },
  { now, quote, last_bar: bar },
  { max_quote_age_seconds: most, max_spread_ratio: margin },
) => {
  if (!quote) return refuse('QUOTE_STALE', `there is no quote of ${symbol}`, most, 'none');
  const age = secondsBetween(quote.quoted_at, now);
  if (age <= most) return null;
  const stale = (why: string) =>
    refuse(
      'QUOTE_STALE',
      `the quote of ${symbol} is ${Math.round(age)} s old, at most ${most} s, and ${why}`,
      most,
      age,
    );
  if (!bar || secondsBetween(bar.ended_at, now) > most)
    return stale(`no minute of the last ${most} s with a trade bears witness to it`);
  const isWithin =
    new Exact(bar.close).gte(new Exact(quote.bid_price).times(1 - margin)) &&
    new Exact(bar.close).lte(new Exact(quote.ask_price).times(1 + margin));
  return isWithin
    ? null
    : stale(
        `the last minute closed at ${bar.close}, more than ${percent(margin)} outside of ${quote.bid_price} to ${quote.ask_price}`,
      );
};

const checkSpread: Check = ({ symbol }, { quote }, { max_spread_ratio: most }) => {
  if (!quote) return null;
  const mid = new Exact(quote.bid_price).plus(quote.ask_price).div(2);
  const spread = mid.gt(0)
    ? new Exact(quote.ask_price).minus(quote.bid_price).div(mid).toNumber()
    : Number.NaN;
  if (spread >= 0 && spread <= most) return null;
  return refuse(
    'SPREAD_TOO_WIDE',
    `the spread of ${symbol} is ${percent(spread)}, at most ${percent(most)}`,
    most,
    spread,
  );
};

const checkCorrelation: Check = ({ symbol }, { commitments }, { max_correlation: most }) => {
  const related = commitments.find(({ correlation }) => correlation !== null && correlation > most);
  if (!related) return null;
  const correlation = related.correlation!;
  return refuse(
    'CORRELATION',
    `${symbol} moves with ${related.symbol} (correlation ${correlation.toFixed(2)}, at most ${most})`,
    most,
    correlation.toFixed(4),
  );
};

/** Whether the market of the symbol, as it is now, lets it be entered. */
export const MARKET_CHECKS: readonly Check[] = [checkQuoteAge, checkSpread, checkCorrelation];
