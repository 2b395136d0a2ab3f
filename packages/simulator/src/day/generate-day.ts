import type { GeneratedDay, PlantedTrap } from './day.ts';
import { calendarAround } from './calendar-around.ts';
import { buildMarket, listSecurity } from './generated/build-market.ts';
import { castDay, USUAL_SYMBOLS } from './generated/cast.ts';
import { writeNews } from './generated/newsroom.ts';
import { createRandom } from './generated/random.ts';
import { byBeginning, castTraps, trapCorporateActions, trapEvents } from './generated/traps.ts';
import { sessionEnd } from './volume-curve.ts';

export interface GenerateDayOptions {
  /** A trading day of the exchange's calendar; one that closes at 13:00 gives a half day. */
  trade_date: string;
  /** A whole number from 0; the same seed gives the same day on any machine. */
  seed: number;
  /** How many stocks, 20 to 500; 120 when absent. */
  symbols?: number;
}

const NOTES = [
  'Companies, people, news and prices are invented; the symbols are on no list of the Securities and Exchange Commission.',
  'Daily volume counts the whole day, extended hours included; the volume profile of a symbol sums to the mean of its last 20 daily volumes.',
  'Each opening and closing auction is one print, in the volume of the first and of the last minute.',
  'Daily bars and the volume profile are raw: a split of the trading date is not applied to them.',
];

const HALF_DAY_NOTE =
  'The session closes early: about half of the usual volume trades after the open. The volume profile is the mean of the sessions before, most of which were whole ones.';

/**
 * A day of invented companies: a year of daily bars, minute bars from 04:00 to half an hour after
 * the close, usual volumes, news and what the news really did.
 */
export function generateDay({
  trade_date: tradeDate,
  seed,
  symbols = USUAL_SYMBOLS,
}: GenerateDayOptions): GeneratedDay {
  if (!Number.isInteger(seed) || seed < 0)
    throw new RangeError(`seed must be a whole number from 0, was ${seed}`);
  const calendar = calendarAround(tradeDate);
  const today = calendar.find((day) => day.date === tradeDate);
  if (!today)
    throw new RangeError(
      `trade_date must be a trading day of the exchange's calendar, was ${tradeDate}`,
    );
  const session = sessionEnd(today.close);
  const isHalfDay = today.close !== '16:00';
  const cast = castDay(seed, symbols, session);
  const traps = castTraps(cast);
  const events = trapEvents(traps, cast, session);
  const corporateActions = trapCorporateActions(
    traps,
    cast,
    calendar.map((day) => day.date).filter((date) => date <= tradeDate),
  );
  const market = buildMarket({
    seed,
    trade_date: tradeDate,
    calendar,
    session,
    cast,
    events,
    corporate_actions: corporateActions,
  });
  const random = createRandom(seed, 'securities');
  const { news, truth } = writeNews(seed, tradeDate, session, market.performers, traps);
  const marketTraps: PlantedTrap[] = [
    {
      kind: 'halt',
      symbol: traps.halt.company.symbol,
      article_ids: [],
      description: 'Trading stops for ten minutes while a breakout fails; it resumes lower.',
    },
    {
      kind: 'luld_pause',
      symbol: traps.luld_pause.company.symbol,
      article_ids: [],
      description:
        'The price jumps through its band without news: trading pauses for five minutes and resumes lower.',
    },
    {
      kind: 'stale_quote',
      symbol: traps.stale_quote.company.symbol,
      article_ids: [],
      description: `The quote stands still around a breakout that ${traps.stale_quote.structure?.outcome ?? 'fails'}.`,
    },
    {
      kind: 'split',
      symbol: traps.split.company.symbol,
      article_ids: [],
      description:
        'A 2:1 split takes effect today: raw daily bars show twice the price, and half the volume, of the day.',
    },
  ];
  return {
    dir: '',
    trade_date: tradeDate,
    kind: 'generated',
    seed,
    description: `${cast.length} fictional companies on ${tradeDate}${isHalfDay ? `, which closes at ${today.close}` : ''}`,
    notes: isHalfDay ? [...NOTES, HALF_DAY_NOTE] : NOTES,
    refused_bars: [],
    calendar,
    securities: cast.map((member, index) => listSecurity(member, index, random)),
    minute_bars: market.minute_bars,
    daily_bars: market.daily_bars,
    volume_profile: market.volume_profile,
    corporate_actions: corporateActions,
    news,
    events: [...events, ...market.pauses].sort(byBeginning),
    auctions: market.auctions,
    truth: { ...truth, traps: [...truth.traps, ...marketTraps] },
  };
}
