import type { SymbolCatalyst } from '@catalyst/contracts';
import { later, type Instant } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { chooseStory } from '../domain/choose-story.ts';
import type { Store } from '../store/create-store.ts';

const HOUR_MS = 60 * 60_000;

interface Deps {
  store: Store;
  clock: Clock;
  /** Why stored news may be older than it should be. */
  readFaults: () => string[];
}

/**
 * The story that stands for each symbol that had news within the window, as known now; by symbol.
 */
export const createQueryCatalysts =
  ({ store, clock, readFaults }: Deps) =>
  async (
    symbols: readonly string[] | null,
    hours: number,
  ): Promise<{ as_of: Instant; catalysts: SymbolCatalyst[]; degraded: string[] }> => {
    const now = clock.now();
    const rows = await store.readScoredStories(symbols, later(now, -hours * HOUR_MS), now);
    const catalysts = [...Map.groupBy(rows, (row) => row.symbol).values()].flatMap(
      (stories): SymbolCatalyst[] => {
        const chosen = chooseStory(stories);
        return chosen === null ? [] : [{ ...chosen, article_count: stories.length }];
      },
    );
    return {
      as_of: now,
      catalysts: catalysts.sort((left, right) => (left.symbol < right.symbol ? -1 : 1)),
      degraded: readFaults(),
    };
  };
