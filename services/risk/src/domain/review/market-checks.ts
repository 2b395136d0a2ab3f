import { Exact } from '@catalyst/domain';
import { percent, refuse, secondsBetween, type Check } from './check.ts';

const checkQuoteAge: Check = ({ symbol }, { now, quote }, { max_quote_age_seconds: most }) => {
  if (!quote) return refuse('QUOTE_STALE', `there is no quote of ${symbol}`, most, 'none');
  const age = secondsBetween(quote.quoted_at, now);
  if (age <= most) return null;
  return refuse(
    'QUOTE_STALE',
    `the quote of ${symbol} is ${Math.round(age)} s old, at most ${most} s`,
    most,
    age,
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
