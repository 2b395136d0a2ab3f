import type { OrderIntent, RiskDecision } from '@catalyst/contracts';
import {
  type DecimalString,
  type Direction,
  dollarWords,
  Exact,
  priceWords,
  toDecimalString,
} from '@catalyst/domain';

/** Where nothing else says it: the stop of a person's trade, as a share of the price. */
const DEFAULT_STOP = '0.02';
/** Where nothing else says it: the target, in multiples of the risk. */
const DEFAULT_REWARD = 2;

export interface PersonLevels {
  direction: Direction;
  price: DecimalString;
  /** The pattern's stop (2 x ATR or its structure); used for a long whose price is above it. */
  pattern_stop: number | null;
  stop_price: DecimalString | undefined;
  target_price: DecimalString | undefined;
}

/** Stop and target of a trade that a person has in mind, what was given first. */
export const choosePersonLevels = ({
  direction,
  price,
  pattern_stop,
  stop_price,
  target_price,
}: PersonLevels): {
  stop: DecimalString;
  target: DecimalString;
  stop_basis: 'given' | 'pattern' | 'default';
} => {
  const entry = new Exact(price);
  const sign = direction === 'long' ? 1 : -1;
  const hasPatternStop =
    direction === 'long' && pattern_stop !== null && pattern_stop > 0 && entry.gt(pattern_stop);
  const stop =
    stop_price !== undefined
      ? new Exact(stop_price)
      : hasPatternStop
        ? new Exact(pattern_stop)
        : entry.minus(entry.times(DEFAULT_STOP).times(sign));
  const target =
    target_price !== undefined
      ? new Exact(target_price)
      : entry.plus(entry.minus(stop).abs().times(DEFAULT_REWARD).times(sign));
  return {
    stop: toDecimalString(stop),
    target: toDecimalString(target),
    stop_basis: stop_price !== undefined ? 'given' : hasPatternStop ? 'pattern' : 'default',
  };
};

/** What a trade would cost and could lose, and what risk says of it, in one sentence. */
export const summarizeTrade = (intent: OrderIntent, verdict: RiskDecision): string => {
  const { symbol, direction, entry_price, limit_price, stop_price, target_price } = intent;
  const act = direction === 'long' ? 'Buy' : 'Sell short';
  const levels = `stop ${priceWords(stop_price)}, target ${priceWords(target_price)}`;
  const limit = limit_price ? ` (limit ${priceWords(limit_price)})` : '';
  const about = priceWords(entry_price);
  if (verdict.verdict === 'approved') {
    return `${act} ${verdict.qty} ${symbol} at about ${about}${limit}: costs ${dollarWords(verdict.notional_usd)} and can lose ${dollarWords(verdict.risk_usd)} at the ${levels}; risk approves.`;
  }
  const wanted = intent.qty === null ? symbol : `${intent.qty} ${symbol}`;
  const cost =
    intent.qty === null
      ? ''
      : ` would cost ${dollarWords(new Exact(intent.qty).times(entry_price))} and could lose ${dollarWords(new Exact(entry_price).minus(stop_price).abs().times(intent.qty))};`;
  return `${act} ${wanted} at about ${about}${limit}, ${levels}:${cost} risk refuses with ${verdict.code}: ${verdict.message}${verdict.max_qty === '0' ? '' : ` (at most ${verdict.max_qty} would pass)`}.`;
};
