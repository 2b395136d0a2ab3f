import { badRole, type CastMember, type Part } from './cast.ts';
import type { DailyShape } from './daily-path.ts';
import type { PricePlan } from './price-plan.ts';
import type { Random } from './random.ts';
import { type ExtendedShare, type SessionEnd } from '../volume-curve.ts';
import { drawPlan, LASTING_FALLS, PRE_MARKET_RATIOS } from './draw-plan.ts';

/** Numbers of one stock for the day, drawn from its part. */
export interface StockTraits {
  /** Yesterday's close in today's shares, dollars. */
  previous_close: number;
  /** Mean volume of the last 20 sessions in today's shares. */
  mean_volume: number;
  least_volume: number;
  volatility: number;
  beta: number;
  trade_size: number;
  extended: ExtendedShare;
  shape: DailyShape;
  plan: PricePlan;
  /**
   * When the main story appears, minutes from midnight of the trading date; negative on the evening
   * before.
   */
  story_minute: number;
  /** Whether the main story is the cause of a move that lasts. */
  is_true_catalyst: boolean;
}

const HEALTHY: DailyShape = {
  recent_drift: 0.002,
  rsi: [50, 64],
  to_sma20: [1.008, 1.05],
  to_high20: [1, 1.024],
};

const SHAPES: Readonly<Partial<Record<Part, DailyShape>>> = {
  leader: HEALTHY,
  setup: HEALTHY,
  quiet: HEALTHY,
  overbought: { recent_drift: 0.011, rsi: [74, 86], to_sma20: [1.04, 1.3] },
  downtrend: { recent_drift: -0.006, rsi: [27, 42], to_sma20: [0.82, 0.94] },
  takeover: { recent_drift: 0, rsi: [40, 60], to_sma20: [0.95, 1.05] },
};

const round = (value: number, digits: number): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;

const drawPrice = (part: Part, random: Random): number => {
  if (part === 'cheap') return round(random.between(3.05, 4.7), 2);
  if (part === 'leader' || part === 'setup')
    return round(18 + 190 * random.next() * random.next(), 2);
  return round(7 + 390 * random.next() * random.next() * random.next() + 20 * random.next(), 2);
};

const drawVolume = (part: Part, random: Random): number => {
  if (part === 'thin') return Math.round(random.between(170_000, 320_000));
  const spread = random.next() * random.next();
  return Math.round(
    part === 'leader' || part === 'setup'
      ? 4_200_000 + 14_000_000 * spread
      : 1_900_000 + 22_000_000 * spread * random.next(),
  );
};

const drawStoryMinute = (member: CastMember, random: Random): number => {
  const evening = random.whole(-440, -250);
  if (member.part === 'noise' || PRE_MARKET_RATIOS[member.part] === undefined)
    return random.chance(0.4) ? evening : random.whole(300, 470);
  return random.chance(0.5) ? evening : random.whole(392, 432);
};

export const drawTraits = (
  member: CastMember,
  session: SessionEnd,
  random: Random,
): StockTraits => {
  const { part } = member;
  const storyMinute = drawStoryMinute(member, random);
  const isNews = PRE_MARKET_RATIOS[part] !== undefined;
  const meanVolume = drawVolume(part, random);
  return {
    previous_close: drawPrice(part, random),
    mean_volume: meanVolume,
    least_volume: part === 'thin' ? 60_000 : 1_150_000,
    volatility: random.between(0.011, 0.019) * (part === 'cheap' || part === 'thin' ? 1.5 : 1),
    beta: random.between(0.6, 1.35),
    trade_size: random.whole(55, 160),
    extended: {
      pre_market: isNews ? random.between(0.028, 0.05) : random.between(0.008, 0.022),
      after_hours: random.between(0.006, 0.018),
    },
    shape: SHAPES[part] ?? { recent_drift: 0 },
    plan: drawPlan(member, storyMinute, session, random),
    story_minute: storyMinute,
    is_true_catalyst:
      member.structure?.outcome === 'runs' || (part === 'bad' && badRole(member) <= LASTING_FALLS),
  };
};
