import { expect, it } from '@jest/globals';
import type { Brokerage, TellUnread } from '@catalyst/brokerage';
import { nyseCalendar, type CalendarDay } from '@catalyst/domain';
import { createLog, systemClock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';
import { createSyncReference } from './sync-reference.ts';

const DATE = '2026-03-24';
const odd = (list: string, id: string | null, symbol: string | null) => ({
  list,
  id,
  symbol,
  field: 'status',
  reason: 'odd',
});

it('stores what can be read, takes a day that cannot for one of usual hours, and tells the rest', async () => {
  const saved: CalendarDay[] = [];
  const broker = {
    reference: {
      listCalendar: async (from: string, to: string, tell: TellUnread) => {
        tell(odd('calendar', DATE, null));
        tell(odd('calendar', null, null));
        return nyseCalendar(from, to).filter(({ date }) => date !== DATE);
      },
      listAssets: async (tell: TellUnread) => {
        tell(odd('assets', 'x', 'ODD'));
        return [];
      },
    },
    market_data: {
      corporateActions: async ({ tellUnread }: { tellUnread: TellUnread }) => {
        tellUnread(odd('corporate actions', null, 'ODD'));
        return [];
      },
    },
  } as unknown as Brokerage;
  const store = {
    transaction: async (work: (tx: unknown) => Promise<void>) => work({}),
    saveCalendar: async (_tx: unknown, days: readonly CalendarDay[]) => void saved.push(...days),
    saveSecurities: async () => {},
    saveCorporateActions: async () => {},
    countSecurities: async () => 0,
  } as unknown as Store;
  const now = '2026-03-24T12:00:00.000Z';
  const sync = createSyncReference({
    store,
    broker,
    clock: { ...systemClock, now: () => now, latest: () => now },
    log: createLog('test', 'error'),
    home: '/nowhere',
    forgetBackgrounds: () => {},
  });
  expect(await sync(DATE)).toMatchObject({
    trading_day: { date: DATE, open: '09:30', close: '16:00' },
    next_trading_day: { date: '2026-03-25' },
    unread: [
      `calendar ${DATE}: status: odd`,
      'calendar without a name: status: odd',
      'assets ODD: status: odd',
      'corporate actions ODD: status: odd',
    ],
  });
  expect(saved.map(({ date }) => date)).toEqual([...saved.map(({ date }) => date)].sort());
});
