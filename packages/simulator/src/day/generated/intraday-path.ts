import type { GicsSector } from '@catalyst/domain';
import type { DayBar } from '../day.ts';
import type { Factors } from './factors.ts';
import { planAt, type PricePlan } from './price-plan.ts';
import { createRandom, growth, significant, type Random } from './random.ts';
import { FIRST_MINUTE, FULL_SESSION_MINUTES, OPEN_MINUTE, type SessionEnd } from '../volume-curve.ts';

export interface IntradayPathInput {
  seed: number;
  symbol: string;
  sector: GicsSector;
  session: SessionEnd;
  /** Yesterday's close in today's shares, dollars. */
  previous_close: number;
  /** Standard deviation of the stock's own return over a full regular session. */
  volatility: number;
  beta: number;
  factors: Factors;
  plan: PricePlan;
  /** Usual volume by minute in today's shares (1,440 numbers). */
  usual_volume: readonly number[];
  /** Mean shares of one trade. */
  trade_size: number;
  /** Minutes without trades, half-open. */
  halts: readonly { from_minute: number; to_minute: number }[];
}

const STEPS = 6;
const SCAN_MINUTE = 480;

/** Noise of a minute over the session's mean: high at the open, low at noon, some more at the close; small before and after. */
const noiseShape = (minute: number, close: number): number => {
  if (minute < OPEN_MINUTE) return 0.55;
  if (minute >= close) return 0.35;
  return 0.72 + 1.5 / (1 + (minute - OPEN_MINUTE) / 14) + 0.5 / (1 + (close - 1 - minute) / 12);
};

/** A minute's volume, or null without trades: below some thirty expected trades it is a matter of chance whether there is one. */
const drawVolume = (expected: number, tradeSize: number, busy: number, random: Random): number | null => {
  const presence = Math.min(1, (1.08 * expected) / (expected + 2.2 * tradeSize));
  if (!random.chance(presence)) return null;
  return Math.max(1, significant((expected / presence) * growth(busy + 0.22 * random.bell() - 0.08), 3));
};

const cents = (price: number): number => Math.max(1, Math.round(price * 100));

/** Minute bars of one stock from 04:00 to half an hour after the close: the plan's line, market and sector, and the stock's own noise. */
export const intradayPath = (input: IntradayPathInput): DayBar[] => {
  const { plan, factors, usual_volume: usual } = input;
  const random = createRandom(input.seed, `intraday:${input.symbol}`);
  const perMinute = (input.volatility * plan.noise) / Math.sqrt(FULL_SESSION_MINUTES);
  const sector = factors.sector(input.sector);
  const bars: DayBar[] = [];
  let offset = 0;
  let variance = 1;
  let busy = 0;
  for (let minute = FIRST_MINUTE; minute < input.session.end_minute; minute += 1) {
    const index = minute - FIRST_MINUTE;
    const shape = noiseShape(minute, input.session.close_minute);
    const shared = (input.beta * (factors.market[index] ?? 0) + (sector[index] ?? 0)) * shape * (plan.pull > 0 ? 0.5 : 1);
    const prices: number[] = [];
    let squared = 0;
    for (let step = 0; step < STEPS; step += 1) {
      const shock = Math.sqrt(variance / STEPS) * random.bell();
      squared += shock * shock;
      offset += shared / STEPS + perMinute * shape * shock - (plan.pull * offset) / STEPS;
      const { ratio } = planAt(plan, minute + (step + 1) / STEPS, FIRST_MINUTE);
      prices.push(cents(input.previous_close * ratio * (1 + offset)));
    }
    variance = 0.08 + 0.1 * squared + 0.82 * variance;
    busy = 0.75 * busy + 0.17 * random.bell();
    const weights = prices.map(() => 0.4 + random.next());
    const factor = planAt(plan, minute + 0.5, FIRST_MINUTE).volume;
    const volume = drawVolume((usual[minute] ?? 0) * factor, input.trade_size, busy, random);
    const halted = input.halts.some((halt) => minute >= halt.from_minute && minute < halt.to_minute);
    if (volume === null || halted) continue;
    const low = Math.min(...prices);
    const high = Math.max(...prices);
    const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = prices.reduce((sum, price, step) => sum + price * (weights[step] ?? 0), 0) / weightSum;
    bars.push({
      minute,
      open: (prices[0] ?? 0) / 100,
      high: high / 100,
      low: low / 100,
      close: (prices.at(-1) ?? 0) / 100,
      volume,
      trade_count: Math.max(1, Math.round((volume / input.trade_size) * (0.8 + 0.4 * random.next()))),
      vwap: Math.min(high * 100, Math.max(low * 100, Math.round(mean * 10) * 10)) / 10_000,
    });
  }
  return plan.pre_market_volume_ratio === null ? bars : scalePreMarket(bars, plan.pre_market_volume_ratio, usual);
};

/** Scales pre-market volume so that the volume until 08:00 is `ratio` times the usual. */
const scalePreMarket = (bars: DayBar[], ratio: number, usual: readonly number[]): DayBar[] => {
  const traded = bars.reduce((sum, bar) => sum + (bar.minute < SCAN_MINUTE ? bar.volume : 0), 0);
  if (traded === 0) return bars;
  const scale = (ratio * usual.slice(0, SCAN_MINUTE).reduce((sum, volume) => sum + volume, 0)) / traded;
  return bars.map((bar) => {
    if (bar.minute >= OPEN_MINUTE) return bar;
    const volume = Math.max(1, significant(bar.volume * scale, 3));
    return { ...bar, volume, trade_count: Math.min(volume, Math.max(1, Math.round(bar.trade_count * scale))) };
  });
};
