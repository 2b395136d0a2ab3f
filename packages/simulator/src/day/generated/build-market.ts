import type {
  CalendarDay,
  CorporateAction,
  DailyBar,
  DayAuction,
  DayBar,
  DaySecurity,
  MarketEvent,
} from '../day.ts';
import type { CastMember } from './cast.ts';
import { dailyPath } from './daily-path.ts';
import { createFactors } from './factors.ts';
import { intradayPath } from './intraday-path.ts';
import { createRandom, type Random } from './random.ts';
import { drawTraits, type StockTraits } from './stock-traits.ts';
import { applyPriceBands } from '../../market/price-bands.ts';
import { createTradingTime } from '../../market/trading-time.ts';
import {
  FIRST_MINUTE,
  FULL_SESSION_MINUTES,
  OPEN_MINUTE,
  volumeCurve,
  type SessionEnd,
} from '../volume-curve.ts';
import { volumeProfile } from './volume-profile.ts';

export interface Performer extends CastMember {
  traits: StockTraits;
}

export interface MarketInput {
  seed: number;
  trade_date: string;
  calendar: readonly CalendarDay[];
  session: SessionEnd;
  cast: readonly CastMember[];
  events: readonly MarketEvent[];
  corporate_actions: readonly CorporateAction[];
}

export interface Market {
  performers: Performer[];
  minute_bars: Map<string, DayBar[]>;
  daily_bars: Map<string, DailyBar[]>;
  volume_profile: Map<string, number[]>;
  auctions: DayAuction[];
  /** Trading pauses where a path ran through its price band. */
  pauses: MarketEvent[];
}

/** Sessions of daily bars before the trading date: a year. */
const SESSIONS = 252;

/** Shares of yesterday that are one share of today: 0.5 after a 2:1 split. */
const sharesPerShare = (input: MarketInput, symbol: string): number => {
  const split = input.corporate_actions.find(
    (action) =>
      action.symbol === symbol &&
      action.ex_date === input.trade_date &&
      action.type !== 'cash_dividend',
  );
  return split ? Number(split.new_rate) / Number(split.old_rate) : 1;
};

/** Volume of a session that closes at 13:00, over the usual of a whole one. */
const HALF_DAY_VOLUME = 0.5;

/**
 * What trades by minute on the date itself if nothing happens, raw shares: the profile, or on a
 * half day less of it after the open, ending with the auction of 13:00.
 */
const expectedVolume = (
  input: MarketInput,
  profile: number[],
  traits: StockTraits,
  meanVolume: number,
): number[] => {
  if (input.session.close_minute - OPEN_MINUTE === FULL_SESSION_MINUTES) return profile;
  const shorter = volumeCurve(traits.extended, input.session);
  return profile.map((volume, minute) =>
    minute < OPEN_MINUTE ? volume : (shorter[minute] ?? 0) * meanVolume * HALF_DAY_VOLUME,
  );
};

/** Bars and usual volumes of every stock; prices and volumes before the trading date are raw. */
export const buildMarket = (input: MarketInput): Market => {
  const { seed } = input;
  const dates = input.calendar
    .map((day) => day.date)
    .filter((date) => date < input.trade_date)
    .slice(-SESSIONS);
  const daily = createFactors(seed, 'daily', {
    length: dates.length,
    market_volatility: 0.0082,
    sector_volatility: 0.0065,
    market_drift: 0.0004,
  });
  const intraday = createFactors(seed, 'intraday', {
    length: input.session.end_minute - FIRST_MINUTE,
    market_volatility: 0.0055 / Math.sqrt(FULL_SESSION_MINUTES),
    sector_volatility: 0.004 / Math.sqrt(FULL_SESSION_MINUTES),
    market_drift: 0.0018 / FULL_SESSION_MINUTES,
  });
  const market: Market = {
    performers: [],
    minute_bars: new Map(),
    daily_bars: new Map(),
    volume_profile: new Map(),
    auctions: [],
    pauses: [],
  };
  const time = createTradingTime(input.trade_date, input.calendar);
  for (const member of input.cast) {
    const { symbol, sector } = member.company;
    const traits = drawTraits(member, input.session, createRandom(seed, `traits:${symbol}`));
    const split = sharesPerShare(input, symbol);
    const past = dailyPath({
      seed,
      symbol,
      sector,
      dates,
      factors: daily,
      last_close: Math.round(traits.previous_close * split * 100) / 100,
      mean_volume: traits.mean_volume / split,
      least_volume: traits.least_volume,
      volatility: traits.volatility,
      beta: traits.beta,
      shape: traits.shape,
    });
    const meanVolume = past.slice(-20).reduce((sum, bar) => sum + bar.volume, 0) / 20;
    const profile = volumeProfile(
      volumeCurve(traits.extended),
      meanVolume,
      createRandom(seed, `profile:${symbol}`),
    );
    market.performers.push({ ...member, traits });
    market.daily_bars.set(symbol, past);
    market.volume_profile.set(symbol, profile);
    const previousClose = (past.at(-1)?.close ?? 0) / split;
    const halts = input.events.filter((event) => event.kind === 'halt' && event.symbol === symbol);
    const path = intradayPath({
      seed,
      symbol,
      sector,
      factors: intraday,
      session: input.session,
      previous_close: previousClose,
      volatility: traits.volatility,
      beta: traits.beta,
      plan: traits.plan,
      usual_volume: expectedVolume(input, profile, traits, meanVolume).map(
        (volume) => volume * split,
      ),
      trade_size: traits.trade_size,
      halts,
    });
    const isHalted = (minute: number): boolean =>
      halts.some((halt) => minute >= halt.from_minute && minute < halt.to_minute);
    const banded = applyPriceBands(path.bars, {
      time,
      previous_close: previousClose,
      binding_from: 0,
      isHalted,
    });
    market.minute_bars.set(symbol, [...banded.bars]);
    market.pauses.push(
      ...banded.pauses.map((pause): MarketEvent => ({ symbol, kind: 'halt', ...pause })),
    );
    market.auctions.push(...path.auctions);
  }
  return market;
};

/** A security's borrowing and margin terms: cheap and thin stocks are harder to borrow. */
export const listSecurity = (member: CastMember, index: number, random: Random): DaySecurity => {
  const easy = member.part !== 'cheap' && member.part !== 'thin';
  return {
    symbol: member.company.symbol,
    name: `${member.company.short_name}${index % 3 === 0 ? ' Corporation' : index % 3 === 1 ? ', Inc.' : ' Holdings, Inc.'} Common Stock`,
    exchange: member.company.exchange,
    sector: member.company.sector,
    tradable: true,
    shortable: easy || random.chance(0.4),
    easy_to_borrow: easy && random.chance(0.93),
    marginable: member.part !== 'cheap',
    fractionable: easy || random.chance(0.5),
  };
};
