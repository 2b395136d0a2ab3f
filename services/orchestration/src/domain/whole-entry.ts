import type { Order } from '@catalyst/contracts';
import { add, compare, Exact, toDecimalString } from '@catalyst/domain';
import { isEnded } from './entry-outcome.ts';

const PLACES = 9;

/**
 * The brackets of one entry as one order: their shares together, at the standing of the one that is
 * still at work, or else of one that was filled; with why another was left out. Null without any.
 */
export const wholeEntry = (parts: readonly Order[]): Order | null => {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? null;
  const told =
    parts.find((part) => !isEnded(part)) ??
    parts.find(({ filled_qty }) => compare(filled_qty, 0) > 0) ??
    first;
  const filled_qty = add(...parts.map((part) => part.filled_qty));
  const paid = parts.reduce(
    (sum, part) => sum.plus(new Exact(part.filled_avg_price ?? 0).times(part.filled_qty)),
    new Exact(0),
  );
  return {
    ...told,
    qty: add(...parts.map(({ qty }) => qty)),
    filled_qty,
    filled_avg_price:
      compare(filled_qty, 0) === 0
        ? null
        : toDecimalString(paid.div(filled_qty).toDecimalPlaces(PLACES)),
    reason: parts.find(({ reason }) => reason !== null)?.reason ?? null,
  };
};
