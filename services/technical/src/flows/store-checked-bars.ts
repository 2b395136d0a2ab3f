import type { Bar, Timeframe } from '@catalyst/domain';
import { fromTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { checkBar } from '../domain/check-bar.ts';
import type { RefusedBar, Store, SymbolBar } from '../store.ts';

export interface StoredBars {
  stored: number;
  refused: { symbol: string; reason: string }[];
}

/** Stores the bars that can be a trade history; the others are kept apart with their reason. */
export const createStoreCheckedBars =
  (store: Store, clock: Clock) =>
  async (
    timeframe: Timeframe,
    feed: string,
    bySymbol: ReadonlyMap<string, readonly Bar[]>,
  ): Promise<StoredBars> => {
    const good: SymbolBar[] = [];
    const bad: RefusedBar[] = [];
    for (const symbol of [...bySymbol.keys()].sort()) {
      for (const bar of bySymbol.get(symbol)!) {
        const check = checkBar(bar);
        if (check.ok) good.push({ symbol, ...check.bar });
        else bad.push({ symbol, time_id: bar.time_id, timeframe, reason: check.reason });
      }
    }
    if (good.length === 0 && bad.length === 0) return { stored: 0, refused: [] };
    const stored = await store.transaction(async (tx) => {
      if (bad.length > 0) await store.saveRefusedBars(tx, feed, bad, clock.now());
      return store.saveBars(tx, timeframe, feed, good);
    });
    return {
      stored,
      refused: bad.map((bar) => ({
        symbol: bar.symbol,
        reason: `${timeframe} bar of ${Number.isSafeInteger(bar.time_id) ? fromTimeId(bar.time_id) : bar.time_id}: ${bar.reason}`,
      })),
    };
  };
export type StoreCheckedBars = ReturnType<typeof createStoreCheckedBars>;
