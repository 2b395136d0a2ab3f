import type { GicsSector } from '@catalyst/domain';
import type { DayAuction, DayBar } from '../day.ts';
import type { Factors } from './factors.ts';
import { minutePrices, type MinutePrices } from './minute-prices.ts';
import { planAt, type PricePlan } from './price-plan.ts';
import { createRandom, growth, significant, type Random } from './random.ts';
import {
  auctionParts,
  FIRST_MINUTE,
  FULL_SESSION_MINUTES,
  OPEN_MINUTE,
  type SessionEnd,
} from '../volume-curve.ts';

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

export interface IntradayPath {
  bars: DayBar[];
  auctions: DayAuction[];
}

type Auction = Pick<DayAuction, 'kind' | 'size'>;

const STEPS = 6;
const SCAN_MINUTE = 480;

/**
 * Standard deviation of the logarithm by which a minute's own noise is larger or smaller than its
 * volatility says: the thick tails of minute returns.
 */
const BURST = 0.47;
/** How much of it stays into the next minute. */
const BURST_MEMORY = 0.88;
/** How much more is traded in such a minute: the power of the same factor. */
const BURST_VOLUME = 0.8;

/**
 * Noise of a minute over the session's mean: high at the open, low at noon, some more at the close;
 * small before and after.
 */
const noiseShape = (minute: number, close: number): number => {
  if (minute < OPEN_MINUTE) return 0.55;
  if (minute >= close) return 0.35;
  return 0.72 + 1.5 / (1 + (minute - OPEN_MINUTE) / 14) + 0.5 / (1 + (close - 1 - minute) / 12);
};

/**
 * A minute's volume, or null without trades: below some thirty expected trades it is a matter of
 * chance whether there is one.
 */
const drawVolume = (
  expected: number,
  tradeSize: number,
  busy: number,
  random: Random,
): number | null => {
  const presence = Math.min(1, (1.08 * expected) / (expected + 2.2 * tradeSize));
  if (!random.chance(presence)) return null;
  return Math.max(
    1,
    significant((expected / presence) * growth(busy + 0.22 * random.bell() - 0.08), 3),
  );
};

/** What a minute trades outside its auction, prices in whole cents. */
interface Continuous {
  prices: MinutePrices;
  volume: number;
  trade_count: number;
  mean: number;
}

/**
 * The bar of a minute; its auction, if any, is the first trade of the first minute or the last of
 * the last, at the price of the trade beside it.
 */
const barOf = (
  minute: number,
  { prices: { open, high, low, close }, volume, trade_count: trades, mean }: Continuous,
  auction: Auction | null,
): DayBar => {
  const size = auction?.size ?? 0;
  const average =
    (mean * volume + (auction?.kind === 'open' ? open : close) * size) / (volume + size);
  return {
    minute,
    open: open / 100,
    high: high / 100,
    low: low / 100,
    close: close / 100,
    volume: volume + size,
    trade_count: trades + (auction ? 1 : 0),
    vwap: Math.min(high * 100, Math.max(low * 100, Math.round(average * 10) * 10)) / 10_000,
  };
};

/**
 * Minute bars of one stock from 04:00 to half an hour after the close, and its auctions: the plan's
 * line, market and sector, and the stock's own noise. What happens within a minute comes from a
 * second stream of chance, so that the path does not depend on it.
 */
export const intradayPath = (input: IntradayPathInput): IntradayPath => {
  const { plan, factors, usual_volume: usual, session } = input;
  const random = createRandom(input.seed, `intraday:${input.symbol}`);
  const within = createRandom(input.seed, `minutes:${input.symbol}`);
  const perMinute = (input.volatility * plan.noise) / Math.sqrt(FULL_SESSION_MINUTES);
  const sector = factors.sector(input.sector);
  const parts = auctionParts(session);
  const bars: DayBar[] = [];
  const auctions: DayAuction[] = [];
  let offset = 0;
  let variance = 1;
  let busy = 0;
  let restless = 0;
  let last = input.previous_close * plan.start_ratio * 100;
  for (let minute = FIRST_MINUTE; minute < session.end_minute; minute += 1) {
    const index = minute - FIRST_MINUTE;
    const shape = noiseShape(minute, session.close_minute);
    const shared =
      (input.beta * (factors.market[index] ?? 0) + (sector[index] ?? 0)) *
      shape *
      (plan.pull > 0 ? 0.5 : 1);
    restless =
      BURST_MEMORY * restless + BURST * Math.sqrt(1 - BURST_MEMORY * BURST_MEMORY) * within.bell();
    const burst = growth(restless - BURST * BURST);
    const mids: number[] = [];
    let squared = 0;
    for (let step = 0; step < STEPS; step += 1) {
      const shock = Math.sqrt(variance / STEPS) * random.bell();
      squared += shock * shock;
      offset += shared / STEPS + perMinute * shape * burst * shock - (plan.pull * offset) / STEPS;
      const { ratio } = planAt(plan, minute + (step + 1) / STEPS, FIRST_MINUTE);
      mids.push(input.previous_close * ratio * (1 + offset) * 100);
    }
    const from = last;
    last = mids.at(-1) ?? last;
    const deviation = perMinute * shape * burst * Math.sqrt(variance / STEPS) * last;
    variance = 0.08 + 0.1 * squared + 0.82 * variance;
    busy = 0.75 * busy + 0.17 * random.bell();
    const weights = mids.map(() => 0.4 + random.next());
    const factor = planAt(plan, minute + 0.5, FIRST_MINUTE).volume;
    const expected = (usual[minute] ?? 0) * factor;
    const kind =
      minute === OPEN_MINUTE ? 'open' : minute === session.close_minute - 1 ? 'close' : null;
    const part = kind === null ? 0 : parts[kind];
    const volume = drawVolume(
      expected * (1 - part),
      input.trade_size,
      busy + BURST_VOLUME * (restless - 0.5 * BURST_VOLUME * BURST * BURST),
      random,
    );
    const trades =
      volume === null
        ? 0
        : Math.max(1, Math.round((volume / input.trade_size) * (0.8 + 0.4 * random.next())));
    const prices = minutePrices(from, mids, deviation, Math.max(1, trades), within);
    const auction =
      kind === null
        ? null
        : ({
            kind,
            size: Math.max(1, significant(expected * part * growth(0.25 * within.bell()), 3)),
          } as const);
    if (input.halts.some((halt) => minute >= halt.from_minute && minute < halt.to_minute)) continue;
    if (auction) auctions.push({ symbol: input.symbol, ...auction });
    else if (volume === null) continue;
    const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
    const mean =
      mids.reduce((sum, price, step) => sum + price * (weights[step] ?? 0), 0) / weightSum;
    bars.push(barOf(minute, { prices, volume: volume ?? 0, trade_count: trades, mean }, auction));
  }
  return {
    bars:
      plan.pre_market_volume_ratio === null
        ? bars
        : scalePreMarket(bars, plan.pre_market_volume_ratio, usual),
    auctions,
  };
};

/** Scales pre-market volume so that the volume until 08:00 is `ratio` times the usual. */
const scalePreMarket = (bars: DayBar[], ratio: number, usual: readonly number[]): DayBar[] => {
  const traded = bars.reduce((sum, bar) => sum + (bar.minute < SCAN_MINUTE ? bar.volume : 0), 0);
  if (traded === 0) return bars;
  const scale =
    (ratio * usual.slice(0, SCAN_MINUTE).reduce((sum, volume) => sum + volume, 0)) / traded;
  return bars.map((bar) => {
    if (bar.minute >= OPEN_MINUTE) return bar;
    const volume = Math.max(1, significant(bar.volume * scale, 3));
    return {
      ...bar,
      volume,
      trade_count: Math.min(volume, Math.max(1, Math.round(bar.trade_count * scale))),
    };
  });
};
