import type { CatalystFacts, TechnicalFacts } from './candidate.ts';

const CASH = /\bcash\b/i;
const PRICE_PER_SHARE = /\$ ?(\d[\d,]*(?:\.\d+)?) (?:per|a) share\b/i;
const PREMIUM = /\b(\d{1,3}(?:\.\d+)?) ?(?:%|percent) premium\b/i;

const positive = (text: string | undefined): number | null => {
  const value = Number(text?.replaceAll(',', '') ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
};

/**
 * Dollars per share that the headline of a cash takeover announces, or null: the price itself, else
 * the premium on the previous close, which follows from the last price and the gap (price =
 * previous close x (1 + gap)).
 */
export const announcedCashPrice = (
  catalyst: CatalystFacts | null,
  technical: Pick<TechnicalFacts, 'last_price' | 'gap_ratio'>,
): number | null => {
  if (catalyst?.catalyst_type !== 'merger_acquisition' || !CASH.test(catalyst.headline))
    return null;
  const stated = positive(PRICE_PER_SHARE.exec(catalyst.headline)?.[1]);
  if (stated !== null) return stated;
  const premium = positive(PREMIUM.exec(catalyst.headline)?.[1]);
  const { last_price: price, gap_ratio: gap } = technical;
  if (premium === null || price === null || gap === null || gap <= -1) return null;
  return (price / (1 + gap)) * (1 + premium / 100);
};
