import { join } from 'node:path';
import { listingExchanges, type DaySecurity, type ListingExchange } from '../day.ts';
import { DayError } from '../day-error.ts';
import { assetSchema, type RawAsset } from './raw-answers.ts';
import { readRaw } from './read-raw.ts';

/** Exchanges of Alpaca's that a day calls by another's name. */
const RENAMED: Readonly<Record<string, ListingExchange>> = { NYSEARCA: 'ARCA', BATS: 'ARCA' };

/**
 * The exchange under which a day lists an asset; null where a day has none for it (over the
 * counter, options, crypto).
 */
export const listingExchangeOf = ({
  class: assetClass,
  exchange,
}: Pick<RawAsset, 'class' | 'exchange'>): ListingExchange | null =>
  assetClass === 'us_equity'
    ? (listingExchanges.find((known) => known === exchange) ?? RENAMED[exchange] ?? null)
    : null;

export const assetFile = (symbol: string): string => `assets/${symbol}.json`;

/** Reads `assets/`: the symbols' names, exchanges and what the broker lets one do with them. */
export const readListings = async (
  dir: string,
  symbols: readonly string[],
): Promise<{ securities: DaySecurity[]; notes: string[] }> => {
  const securities: DaySecurity[] = [];
  const notes: string[] = [];
  for (const symbol of symbols) {
    const file = join(dir, assetFile(symbol));
    const asset = await readRaw(dir, assetFile(symbol), assetSchema);
    if (asset.symbol !== symbol)
      throw new DayError({
        file,
        line: null,
        column: 'symbol',
        was: JSON.stringify(asset.symbol),
        expected: symbol,
      });
    const exchange = listingExchangeOf(asset);
    if (exchange === null)
      throw new DayError({
        file,
        line: null,
        column: 'exchange',
        was: `${asset.exchange} (${asset.class})`,
        expected: `a stock listed on ${listingExchanges.join(', ')} or BATS`,
      });
    if (asset.exchange === 'BATS')
      notes.push(`${symbol}: is listed on BATS; the day says ARCA, because it has no BATS.`);
    const name = (asset.name ?? '').replace(/\s+/g, ' ').trim();
    securities.push({
      symbol,
      name: name || symbol,
      exchange,
      sector: null,
      tradable: asset.tradable,
      shortable: asset.shortable,
      easy_to_borrow: asset.easy_to_borrow ?? asset.borrow_status === 'easy_to_borrow',
      marginable: asset.marginable,
      fractionable: asset.fractionable,
    });
  }
  return { securities, notes };
};
