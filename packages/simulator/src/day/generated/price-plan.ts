/**
 * A stretch of a stock's day: from where the leg before it ended, the price moves in a straight
 * line to `ratio` (of yesterday's close) at the start of `to_minute`, with `volume` times the usual
 * volume of those minutes. Noise lies around the line.
 */
export interface Leg {
  to_minute: number;
  ratio: number;
  volume: number;
  /**
   * Volume factor at the end of the leg; the factor moves there in a straight line. The same as
   * `volume` when absent.
   */
  volume_end?: number;
}

/** What a stock is meant to do on the day, before chance. */
export interface PricePlan {
  /** Price over yesterday's close at 04:00. */
  start_ratio: number;
  legs: Leg[];
  /**
   * How strongly the price is pulled back to the line in each minute: 0 is a random walk, 0.15 an
   * orderly trend.
   */
  pull: number;
  /** Multiple of the stock's usual noise. */
  noise: number;
  /** Volume until 08:00 over what is usual by then; null leaves it to chance. */
  pre_market_volume_ratio: number | null;
}

interface PlanState {
  ratio: number;
  volume: number;
}

/**
 * The plan's price ratio and volume factor at a minute (fractions allowed); after the last leg both
 * stay.
 */
export const planAt = (plan: PricePlan, minute: number, firstMinute: number): PlanState => {
  let from = firstMinute;
  let ratio = plan.start_ratio;
  let volume = plan.legs[0]?.volume ?? 1;
  for (const leg of plan.legs) {
    const end = leg.volume_end ?? leg.volume;
    if (minute < leg.to_minute) {
      const share = (minute - from) / (leg.to_minute - from);
      return {
        ratio: ratio + (leg.ratio - ratio) * share,
        volume: leg.volume + (end - leg.volume) * share,
      };
    }
    from = leg.to_minute;
    ratio = leg.ratio;
    volume = end;
  }
  return { ratio, volume };
};
