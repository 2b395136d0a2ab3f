import { createTickerFinder, type FoundTicker, type TickerText } from '../domain/find-tickers.ts';
import type { Store } from '../store/create-store.ts';

export type TickerFinder = (text: TickerText) => FoundTicker[];
/** The finder over the securities that are known now; null while there are none. */
export type KnowTickers = () => Promise<TickerFinder | null>;

/** Builds the finder anew only when the securities changed. */
export const createKnowTickers = (store: Store): KnowTickers => {
  let held: { mark: string; finder: TickerFinder } | null = null;
  return async () => {
    const mark = await store.readSecuritiesMark();
    if (mark === '') return null;
    if (held?.mark !== mark)
      held = { mark, finder: createTickerFinder(await store.readCompanies()) };
    return held.finder;
  };
};
