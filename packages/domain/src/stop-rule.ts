import type { Bar } from './bar.ts';
import { aggregateBars, finishedMinutes, type SessionMinutes } from './aggregate-bars.ts';
import { toOrderPrice } from './bracket.ts';
import { compare, Exact, toDecimalString, type DecimalString } from './money.ts';
import { exitSide, type Direction } from './order.ts';
import { stopMove } from './stop-plan.ts';
import { meanTrueRange } from './true-range.ts';

/** When the desk moves a stop by itself; each part is off where it is null. */
export interface StopRule {
  /** Multiples of the initial risk that the price must have gained before the stop is at the entry. */
  break_even_at_r: number | null;
  /** Mean true ranges of five minutes that the stop follows behind the best price. */
  trail_true_ranges: number | null;
}
export const NO_STOP_RULE: StopRule = { break_even_at_r: null, trail_true_ranges: null };
export const hasStopRule = ({ break_even_at_r, trail_true_ranges }: StopRule): boolean =>
  break_even_at_r !== null || trail_true_ranges !== null;

/** What a rule reads of a stock's minutes since the session opened. */
export interface PriceAction {
  /**
   * The best price at which a minute has closed since the entry: one print that was a mistake, in
   * the midst of a minute, moves nothing. Null before the first.
   */
  best_close: DecimalString | null;
  /** Null until enough of the session is over to know one. */
  true_range: number | null;
}

const RANGE_TIMEFRAME = '5min';
/** Fewer bars than these say nothing of how far the price swings. */
const RANGE_BARS_AT_LEAST = 3;

/** Of the session's one-minute bars, those that have ended at `asOfTimeId`. */
export const priceActionOf = (
  direction: Direction,
  minutes: readonly Bar[],
  session: SessionMinutes,
  entered_time_id: number,
  asOfTimeId: number,
): PriceAction => {
  // the minute of the entry closes after it
  const closes = finishedMinutes(minutes, session, asOfTimeId)
    .filter(({ time_id }) => time_id >= entered_time_id)
    .map(({ close }) => close);
  const ranges = aggregateBars(minutes, RANGE_TIMEFRAME, session, asOfTimeId);
  const best = direction === 'long' ? Math.max(...closes) : Math.min(...closes);
  return {
    best_close: closes.length === 0 ? null : toDecimalString(best),
    true_range: ranges.length < RANGE_BARS_AT_LEAST ? null : meanTrueRange(ranges),
  };
};

export interface RuledPosition extends PriceAction {
  direction: Direction;
  entry_price: DecimalString;
  initial_stop_price: DecimalString;
  /** Where the stop is now. */
  stop_price: DecimalString;
  last_price: DecimalString;
}

/** Where a rule puts a stop, and why there. */
export interface RuledStop {
  to: DecimalString;
  rule: 'break_even' | 'trailing';
  /** In one sentence, with the numbers that it read. */
  why: string;
}

/** A stop moves by a tenth of the initial risk at least: each move is a request and a new order. */
const STEP_R = 0.1;

/**
 * Where the stop belongs by the rule: of what its parts ask for the nearest to the price, but for
 * what is no nearer than it is by a step, and what would be a sale since the price has come back
 * through it; null where nothing is left. So a stop never moves away from the price.
 */
export const ruledStop = (rule: StopRule, position: RuledPosition): RuledStop | null => {
  const { direction, initial_stop_price, stop_price, last_price, best_close, true_range } =
    position;
  const gain = direction === 'long' ? 1 : -1;
  const entry = new Exact(position.entry_price);
  const risk = entry.minus(initial_stop_price).times(gain);
  if (best_close === null || !risk.gt(0)) return null;
  const best = new Exact(best_close);
  const asked: RuledStop[] = [];
  const gained_r = best.minus(entry).times(gain).div(risk);
  if (rule.break_even_at_r !== null && gained_r.gte(rule.break_even_at_r))
    asked.push({
      to: toOrderPrice(exitSide(direction), toDecimalString(entry)),
      rule: 'break_even',
      why: `a minute closed at ${best_close}, ${gained_r.toDecimalPlaces(2).toString()} R beyond the entry ${toDecimalString(entry.toDecimalPlaces(4))}: the stop goes to the entry`,
    });
  if (rule.trail_true_ranges !== null && true_range !== null) {
    const distance = new Exact(true_range).times(rule.trail_true_ranges).toDecimalPlaces(6);
    const to = best.minus(distance.times(gain));
    if (to.gt(0))
      asked.push({
        // rounded away from the price: never nearer than the rule says
        to: toOrderPrice(direction === 'long' ? 'buy' : 'sell', toDecimalString(to)),
        rule: 'trailing',
        why: `the best close since the entry is ${best_close}: the stop follows ${rule.trail_true_ranges} mean true ranges of ${new Exact(true_range).toDecimalPlaces(4).toString()} behind it`,
      });
  }
  const step = risk.times(STEP_R);
  return asked
    .filter(
      ({ to }) =>
        stopMove(direction, stop_price, to, last_price) === 'nearer' &&
        new Exact(to).minus(stop_price).times(gain).gte(step),
    )
    .reduce<RuledStop | null>(
      (one, other) => (one === null || compare(other.to, one.to) === gain ? other : one),
      null,
    );
};
