import type { Bar, Timeframe } from '@catalyst/domain';
import { fromTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { checkBar } from '../domain/check-bar.ts';
import type { RefusedBar, SymbolBar } from '../store/bars.ts';
import type { Store } from '../store/create-store.ts';

export interface Refusal {
  symbol: string;
  reason: string;
}
interface CheckedBars {
  /** How many were new, or replaced what was stored. */
  stored: number;
  /** What was not known to be stored as it is, and is now. */
  accepted: SymbolBar[];
  refused: Refusal[];
}

/**
 * Stores the bars that can be a trade history; the others are kept apart with their reason.
 * `isStored` tells which need not be stored again. Of a bar that the vendor sends twice the last counts.
 */
export const createStoreCheckedBars =
  (store: Store, clock: Clock) =>
  async (
    timeframe: Timeframe,
    feed: string,
    bySymbol: ReadonlyMap<string, readonly Bar[]>,
    isStored: (symbol: string, bar: Bar) => boolean = () => false,
  ): Promise<CheckedBars> => {
    const accepted: SymbolBar[] = [];
    const bad: RefusedBar[] = [];
    for (const symbol of [...bySymbol.keys()].sort()) {
      const bars = new Map(bySymbol.get(symbol)!.map((bar) => [bar.time_id, bar]));
      for (const bar of bars.values()) {
        const check = checkBar(bar);
        if (!check.ok) bad.push({ symbol, time_id: bar.time_id, timeframe, reason: check.reason });
        else if (!isStored(symbol, check.bar)) accepted.push({ symbol, ...check.bar });
      }
    }
    return {
      stored: await store.saveBars(timeframe, feed, accepted, bad, clock.now()),
      accepted,
      refused: bad.map((bar) => ({
        symbol: bar.symbol,
        reason: `${timeframe} bar of ${Number.isSafeInteger(bar.time_id) ? fromTimeId(bar.time_id) : bar.time_id}: ${bar.reason}`,
      })),
    };
  };
export type StoreCheckedBars = ReturnType<typeof createStoreCheckedBars>;
