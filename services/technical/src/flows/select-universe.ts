import type { Brokerage } from '@catalyst/brokerage';
import { adjustForSplits, later, toTimeId, type GicsSector } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { selectUniverse } from '../domain/universe.ts';
import type { Store } from '../store/create-store.ts';
import { DAILY_FEED, type EnsureDailyBars } from './ensure-daily-bars.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

const MOST_ACTIVES = 100;
const VOLUME_SESSIONS = 20;

interface Deps {
  store: Store;
  broker: Brokerage;
  clock: Clock;
  readTradingDay: ReadTradingDay;
  ensureDailyBars: EnsureDailyBars;
}

export interface UniverseSelection {
  as_of: string;
  securities: number;
  members: {
    symbol: string;
    name: string;
    sector: GicsSector | null;
    last_price: number;
    average_volume: number;
    has_news: boolean;
    shortable: boolean;
  }[];
  refused: { symbol: string; reason: string }[];
}

/**
 * The active stocks of the day: the broker's most actives and whatever has news, held against
 * price, mean volume and news.
 */
export const createSelectUniverse =
  ({ store, broker, clock, readTradingDay, ensureDailyBars }: Deps) =>
  async (limit: number, symbolsWithNews: readonly string[]): Promise<UniverseSelection> => {
    const now = clock.now();
    const day = await readTradingDay();
    const actives = await broker.market_data.mostActives(MOST_ACTIVES);
    const withNews = new Set(symbolsWithNews);
    const asked = [
      ...new Set([...actives.map((active) => active.symbol), ...symbolsWithNews]),
    ].sort();
    const known = await store.readSecurities(asked);
    const tradable = known.filter((security) => security.is_tradable);
    const symbols = tradable.map((security) => security.symbol);
    await ensureDailyBars(symbols);

    const splits = await store.readSplits(symbols);
    const bars = await store.readDailyBars(
      symbols,
      DAILY_FEED,
      toTimeId(later(now, -VOLUME_SESSIONS * 2 * 86_400_000)),
      day.trade_date,
    );
    const bySymbol = Map.groupBy(bars, (bar) => bar.symbol);
    const refused = asked
      .filter((symbol) => !symbols.includes(symbol))
      .map((symbol) => ({
        symbol,
        reason: known.some((security) => security.symbol === symbol)
          ? 'the broker does not trade it'
          : 'the broker does not know it',
      }));
    const rows = tradable.flatMap((security) => {
      const recent = adjustForSplits(
        bySymbol.get(security.symbol) ?? [],
        splits.filter((split) => split.symbol === security.symbol),
        day.trade_date,
      ).slice(-VOLUME_SESSIONS);
      if (recent.length === 0) {
        refused.push({ symbol: security.symbol, reason: 'no daily bars' });
        return [];
      }
      return [
        {
          symbol: security.symbol,
          last_price: recent.at(-1)!.close,
          average_volume: recent.reduce((sum, bar) => sum + bar.volume, 0) / recent.length,
          has_news: withNews.has(security.symbol),
        },
      ];
    });
    const universe = selectUniverse(rows, { limit });
    const details = new Map(tradable.map((security) => [security.symbol, security]));
    return {
      as_of: now,
      securities: await store.countSecurities(),
      members: universe.selected.map((member) => {
        const security = details.get(member.symbol)!;
        return {
          symbol: member.symbol,
          name: security.name,
          sector: security.sector,
          last_price: member.last_price,
          average_volume: member.average_volume,
          has_news: member.has_news,
          shortable: security.is_shortable,
        };
      }),
      refused: [
        ...refused,
        ...universe.refused.map(({ symbol, reason }) => ({ symbol, reason })),
      ].sort((left, right) => (left.symbol < right.symbol ? -1 : 1)),
    };
  };
