import type { Brokerage } from '@catalyst/brokerage';
import type { Quote } from '@catalyst/contracts';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';

/**
 * Fetches and stores the latest quote of each symbol, by symbol; one without a quote is missing.
 */
export const createRefreshQuotes =
  (store: Store, broker: Brokerage, clock: Clock) =>
  async (symbols: readonly string[]): Promise<Quote[]> => {
    const found = await broker.market_data.latestQuotes(symbols);
    const quotes = [...found]
      .map(([symbol, quote]) => ({ symbol, ...quote }))
      .sort((left, right) => (left.symbol < right.symbol ? -1 : 1));
    await store.saveQuotes(quotes, clock.now());
    return quotes;
  };
