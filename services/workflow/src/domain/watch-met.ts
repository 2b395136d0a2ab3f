import type { Quote, Watch } from '@catalyst/contracts';
import { compare, dollarWords, priceWords, type DecimalString } from '@catalyst/domain';

/** What a watch looks at; null where it is not known now. */
export interface Readings {
  quotes: ReadonlyMap<string, Pick<Quote, 'bid_price' | 'ask_price'>>;
  day_pnl_usd: DecimalString | null;
}
type Looked = Pick<Watch, 'kind' | 'symbol' | 'direction' | 'level'>;

/**
 * The value by which a watch is met, or null while it is not: for a price going up what buyers pay
 * (the bid), for one going down what sellers ask.
 */
export const metValue = (
  { kind, symbol, direction, level }: Looked,
  { quotes, day_pnl_usd }: Readings,
): DecimalString | null => {
  const isUp = direction === 'at_or_above';
  const quote = symbol === null ? undefined : quotes.get(symbol);
  const value =
    kind === 'day_pnl' ? day_pnl_usd : quote ? (isUp ? quote.bid_price : quote.ask_price) : null;
  // a side without a quote is told as 0
  if (value === null || (kind === 'price' && compare(value, 0) <= 0)) return null;
  const order = compare(value, level);
  return (isUp ? order >= 0 : order <= 0) ? value : null;
};

/** From which side a level is come to: the one on which the value is not. */
export const directionTo = (level: DecimalString, value: DecimalString): Watch['direction'] =>
  compare(value, level) < 0 ? 'at_or_above' : 'at_or_below';

/** A watch in words: "ACME at or above 41". */
export const watchWords = ({ kind, symbol, direction, level }: Looked): string =>
  `${kind === 'price' ? symbol : "the day's result"} ${direction.replaceAll('_', ' ')} ${kind === 'price' ? priceWords(level) : dollarWords(level)}`;
