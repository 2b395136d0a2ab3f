import type { CalendarDay, TradeDate } from '@catalyst/domain';
import { nyseCalendarDay, symbol } from '@catalyst/domain';
import type { Brokerage, UnreadItem } from '@catalyst/brokerage';
import { AppError, type Clock, type Log } from '@catalyst/service-kit';
import { DateTime } from 'luxon';
import type { Store } from '../store/create-store.ts';
import { MARKET_CAPS_AS_OF, readMarketCaps, readSectors } from '../adapters/sectors.ts';

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
  unread: string[];
}

/** Enough to say what kind of thing it is; the log has the rest. */
const MOST_UNREAD = 20;

/** A day that is listed and cannot be read is a trading day all the same, with its usual hours. */
const withBuiltIn = (
  listed: readonly CalendarDay[],
  unread: readonly UnreadItem[],
): CalendarDay[] =>
  [
    ...listed,
    ...unread.flatMap(({ id }) =>
      id !== null && ISO_DATE.test(id) ? (nyseCalendarDay(id) ?? []) : [],
    ),
  ].sort((left, right) => (left.date < right.date ? -1 : 1));
const ISO_DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Brings calendar, assets and corporate actions up to date; what the broker sent is stored set by
 * set.
 */
export const createSyncReference =
  ({ store, broker, clock, log, home, forgetBackgrounds }: Deps) =>
  async (tradeDate: TradeDate): Promise<Reference> => {
    const now = clock.now();
    const unread: string[] = [];
    const tell = ({ list, symbol: of, id, field, reason }: UnreadItem): void => {
      if (unread.length < MOST_UNREAD)
        unread.push(`${list} ${of ?? id ?? 'without a name'}: ${field}: ${reason}`);
    };
    const [from, to] = [shift(tradeDate, -380), shift(tradeDate, 14)];
    const unreadDays: UnreadItem[] = [];
    const listed = await broker.reference.listCalendar(from, to, (item) => {
      unreadDays.push(item);
      tell(item);
    });
    const days = withBuiltIn(listed, unreadDays);
    if (days.length === 0)
      throw new AppError(
        'VENDOR_ANSWERED_GARBAGE',
        `the broker's calendar has no trading day from ${from} to ${to}`,
      );
    const assets = await broker.reference.listAssets(tell);
    const sectors = readSectors(home, log);
    const marketCaps = readMarketCaps();
    const known = assets.filter((asset) => symbol.safeParse(asset.symbol).success);
    const rows = known.map((asset) => ({
      symbol: asset.symbol,
      name: asset.name,
      exchange: asset.exchange,
      is_tradable: asset.tradable,
      is_shortable: asset.shortable && asset.easy_to_borrow,
      sector: sectors.get(asset.symbol) ?? null,
      market_cap_usd: marketCaps.get(asset.symbol) ?? null,
    }));
    await store.transaction(async (tx) => {
      await store.saveCalendar(tx, days, from, to);
      await store.saveSecurities(tx, rows, MARKET_CAPS_AS_OF, now);
    });
    // only after the securities, which they refer to
    const actions = await broker.market_data.corporateActions({
      from,
      to: tradeDate,
      tellUnread: tell,
    });
    await store.transaction((tx) => store.saveCorporateActions(tx, actions, now));
    forgetBackgrounds();
    return {
      securities: await store.countSecurities(),
      calendar_days: days.length,
      trading_day: days.find((day) => day.date === tradeDate) ?? null,
      next_trading_day: days.find((day) => day.date > tradeDate) ?? null,
      unread,
    };
  };
