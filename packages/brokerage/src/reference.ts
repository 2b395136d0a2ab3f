import type { CalendarDay, TradeDate } from '@catalyst/domain';
import { z } from 'zod';
import type { AlpacaConnection } from './alpaca-connection.ts';
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
  listCalendar(from: TradeDate, to: TradeDate): Promise<CalendarDay[]>;
  /** Active US equities. */
  listAssets(): Promise<BrokerAsset[]>;
}

const midnight = (date: TradeDate): Date => new Date(`${date}T00:00:00Z`);

export const createBrokerReference = ({
  trading: host,
  clock,
  calendar,
  assets,
}: AlpacaConnection): BrokerReference => ({
  getClock: () => host.read('clock', wireClock, (init) => clock.legacyClockRaw(init)),
  listCalendar: (from, to) =>
    host.read('calendar', z.array(wireCalendarDay), (init) =>
      calendar.legacyCalendarRaw({ start: midnight(from), end: midnight(to) }, init),
    ),
  listAssets: () =>
    host.read('assets', z.array(wireAsset), (init) =>
      assets.getV2AssetsRaw({ status: 'active', assetClass: 'us_equity' }, init),
    ),
});
