import type { CalendarDay, TradeDate } from '@catalyst/domain';
import { z } from 'zod';
import type { AlpacaConnection } from './alpaca-connection.ts';
import type { TellUnread } from './read-items.ts';
import {
  wireAsset,
  wireCalendarDay,
  wireClock,
  type BrokerAsset,
  type BrokerClock,
} from './wire/reference.ts';

export interface BrokerReference {
  getClock(): Promise<BrokerClock>;
  /**
   * The exchange's trading days from `from` to `to`, both included, oldest first; at most about a
   * year at once.
   */
  listCalendar(from: TradeDate, to: TradeDate, tellUnread?: TellUnread): Promise<CalendarDay[]>;
  /** Active US equities. */
  listAssets(tellUnread?: TellUnread): Promise<BrokerAsset[]>;
}

const midnight = (date: TradeDate): Date => new Date(`${date}T00:00:00Z`);

export const createBrokerReference = ({
  trading: host,
  items,
  clock,
  calendar,
  assets,
}: AlpacaConnection): BrokerReference => ({
  getClock: () => host.read('clock', wireClock, (init) => clock.legacyClockRaw(init)),
  listCalendar: async (from, to, tellUnread) =>
    items.read(
      'calendar',
      wireCalendarDay,
      await host.read('calendar', z.array(z.unknown()), (init) =>
        calendar.legacyCalendarRaw({ start: midnight(from), end: midnight(to) }, init),
      ),
      tellUnread,
    ),
  listAssets: async (tellUnread) =>
    items.read(
      'assets',
      wireAsset,
      await host.read('assets', z.array(z.unknown()), (init) =>
        assets.getV2AssetsRaw({ status: 'active', assetClass: 'us_equity' }, init),
      ),
      tellUnread,
    ),
});
