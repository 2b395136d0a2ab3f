import { compare, Exact, toDecimalString, type DecimalString } from './money.ts';
import { exitSide, type Direction } from './order.ts';
import { toOrderPrice } from './bracket.ts';

/** Brackets that one entry may be split into, the one of its target included. */
export const MOST_PARTS = 4;

interface Levels {
  direction: Direction;
  entry_price: DecimalString;
  limit_price: DecimalString | null;
  stop_price: DecimalString;
  target_price: DecimalString;
}

/**
 * Where parts of a trade leave before its target, nearest first: so many multiples of the risk
 * beyond the entry. One that does not lie between the entry's limit and the target is left out.
 */
export const scaleOutPrices = (
  at_r: readonly number[],
  { direction, entry_price, limit_price, stop_price, target_price }: Levels,
): DecimalString[] => {
  const gain = direction === 'long' ? 1 : -1;
  const entry = new Exact(entry_price);
  const risk = entry.minus(stop_price);
  return at_r
    .map((multiple) => entry.plus(risk.times(multiple)))
    .filter((price) => price.gt(0))
    .map((price) => toOrderPrice(exitSide(direction), toDecimalString(price)))
    .filter(
      (price, index, prices) =>
        compare(price, limit_price ?? entry_price) === gain &&
        compare(target_price, price) === gain &&
        (index === 0 || compare(price, prices[index - 1]!) === gain),
    );
};

/** One of the brackets of an entry. */
export interface EntryPart {
  part: number;
  qty: DecimalString;
  target_price: DecimalString;
}

/**
 * The brackets of an entry: equal parts in whole shares, whose sum is what was approved; what is
 * left over goes with the last, whose target is the trade's. One bracket where a part would have no
 * share.
 */
export const entryParts = (
  qty: DecimalString,
  scale_out: readonly DecimalString[],
  target_price: DecimalString,
): EntryPart[] => {
  const all = new Exact(qty);
  const each = all.div(scale_out.length + 1).floor();
  const early = each.lt(1) ? [] : scale_out;
  const last = toDecimalString(all.minus(each.times(early.length)));
  return [
    ...early.map((price, index) => ({
      part: index + 1,
      qty: toDecimalString(each),
      target_price: price,
    })),
    { part: early.length + 1, qty: last, target_price },
  ];
};

/** Reward to risk over all parts, each of the same size; what is left over has the farthest target. */
export const rewardToRisk = ({
  entry_price,
  stop_price,
  target_price,
  scale_out = [],
}: Pick<Levels, 'entry_price' | 'stop_price' | 'target_price'> & {
  scale_out?: readonly DecimalString[] | undefined;
}): Exact => {
  const entry = new Exact(entry_price);
  const targets = [...scale_out, target_price];
  return targets
    .reduce((sum, target) => sum.plus(entry.minus(target).abs()), new Exact(0))
    .div(targets.length)
    .div(entry.minus(stop_price).abs());
};
