import type { Simulation } from '../simulation.ts';
import { InvalidParameter, readChoice, readText, type Query } from './query.ts';

const HISTORICAL_FEEDS = ['sip', 'iex', 'otc', 'boats'] as const;
const LATEST_FEEDS = ['sip', 'iex', 'delayed_sip', 'otc', 'boats', 'overnight'] as const;

export type Feed = (typeof LATEST_FEEDS)[number];

export const readHistoricalFeed = (query: Query): Feed =>
  readChoice(query, 'feed', HISTORICAL_FEEDS, 'sip');
export const readLatestFeed = (query: Query): Feed =>
  readChoice(query, 'feed', LATEST_FEEDS, 'sip');

/** Over-the-counter and overnight venues, on which no security of a day trades. */
export const isSilent = (feed: Feed): boolean =>
  feed === 'otc' || feed === 'boats' || feed === 'overnight';

const DELAY_MS = 15 * 60_000;

/** The instant as of which a feed tells the market. */
export const feedTime = (simulation: Simulation, feed: Feed): number =>
  simulation.now() - (feed === 'delayed_sip' ? DELAY_MS : 0);

/**
 * The currency as asked for, to be repeated in the answer. Prices are in dollars and the simulator
 * has no exchange rates, so any other is refused.
 */
export const readCurrency = (query: Query): { currency?: string } => {
  const currency = readText(query, 'currency');
  if (currency === null) return {};
  if (currency.toUpperCase() !== 'USD')
    throw new InvalidParameter(`invalid currency: ${currency.slice(0, 100)}`);
  return { currency: 'USD' };
};

/** Symbols of a day do not change their names, so `asof` only has to be a date, or "-". */
export const checkAsOf = (query: Query): void => {
  const asOf = readText(query, 'asof');
  if (asOf === null || asOf === '-') return;
  if (!/^\d{4}-\d\d-\d\d$/.test(asOf) || Number.isNaN(Date.parse(`${asOf}T00:00:00Z`)))
    throw new InvalidParameter(`invalid asof: ${asOf.slice(0, 100)}`);
};
