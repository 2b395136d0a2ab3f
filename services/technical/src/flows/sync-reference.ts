import type { CalendarDay, TradeDate } from '@catalyst/domain';
import { symbol } from '@catalyst/domain';
import type { Brokerage } from '@catalyst/brokerage';
import { AppError, type Clock, type Log } from '@catalyst/service-kit';
import { DateTime } from 'luxon';
import type { Store } from '../store/create-store.ts';
import { readSectorsFile } from '../adapters/sectors-file.ts';

const shift = (date: TradeDate, days: number): TradeDate =>
  DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate()!;

interface Deps {
  store: Store;
  broker: Brokerage;
  clock: Clock;
  log: Log;
  home: string;
  /** Splits may have come: what was computed with those known before is over. */
  forgetBackgrounds(): void;
}

export interface Reference {
  securities: number;
  calendar_days: number;
  trading_day: CalendarDay | null;
  next_trading_day: CalendarDay | null;
}

/**
 * Brings calendar, assets and corporate actions up to date; what the broker sent is stored set by
 * set.
 */
export const createSyncReference =
  ({ store, broker, clock, log, home, forgetBackgrounds }: Deps) =>
  async (tradeDate: TradeDate): Promise<Reference> => {
    const now = clock.now();
    const [from, to] = [shift(tradeDate, -380), shift(tradeDate, 14)];
    const days = await broker.reference.listCalendar(from, to);
    if (days.length === 0)
      throw new AppError(
        'VENDOR_ANSWERED_GARBAGE',
        `the broker's calendar has no trading day from ${from} to ${to}`,
      );
    const assets = await broker.reference.listAssets();
    const sectors = readSectorsFile(home, log);
    const known = assets.filter((asset) => symbol.safeParse(asset.symbol).success);
    const rows = known.map((asset) => ({
      symbol: asset.symbol,
      name: asset.name,
      exchange: asset.exchange,
      is_tradable: asset.tradable,
      is_shortable: asset.shortable && asset.easy_to_borrow,
      sector: sectors.get(asset.symbol) ?? null,
    }));
    await store.transaction(async (tx) => {
      await store.saveCalendar(tx, days, from, to);
      await store.saveSecurities(tx, rows, now);
    });
    // only after the securities, which they refer to
    const actions = await broker.market_data.corporateActions({
      from,
      to: tradeDate,
    });
    await store.transaction((tx) => store.saveCorporateActions(tx, actions, now));
    forgetBackgrounds();
    return {
      securities: await store.countSecurities(),
      calendar_days: days.length,
      trading_day: days.find((day) => day.date === tradeDate) ?? null,
      next_trading_day: days.find((day) => day.date > tradeDate) ?? null,
    };
  };
