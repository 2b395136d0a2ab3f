import type { technicalApi } from '@catalyst/contracts';
import { later, nyseCalendarDay } from '@catalyst/domain';
import type { Handlers } from '@catalyst/service-kit';
import { nobodyAsks } from './nobody-asks.ts';
import type { Script } from './script.ts';

/** Quotes every stock but GHOST at the script's prices; its calendar is the exchange's own. */
export const createFixtureTechnical = (
  script: Script,
  clock: () => string,
): Handlers<typeof technicalApi> => ({
  syncReference: ({ body }) => {
    const next = Array.from({ length: 10 }, (_, days) =>
      later(`${body.trade_date}T12:00:00.000Z`, (days + 1) * 86_400_000).slice(0, 10),
    ).find((date) => nyseCalendarDay(date));
    return {
      securities: 120,
      calendar_days: 250,
      trading_day: nyseCalendarDay(body.trade_date),
      next_trading_day: nyseCalendarDay(next!),
      unread: script.unread,
    };
  },
  selectUniverse: nobodyAsks,
  ingestBars: () => ({ stored: 1, refused: [], missing: [] }),
  computeSnapshots: nobodyAsks,
  refreshQuotes: ({ body }) => ({
    quotes: body.symbols
      .filter((symbol) => symbol !== 'GHOST')
      .map((symbol) => ({
        symbol,
        ...script.quote,
        bid_size: 100,
        ask_size: 100,
        quoted_at: clock(),
      })),
  }),
  listBars: nobodyAsks,
  showIndicators: nobodyAsks,
});
