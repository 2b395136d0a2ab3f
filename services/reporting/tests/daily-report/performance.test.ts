import { describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { DATE, REPORT_AT, seedDay, TRADES } from '../trading-day.ts';
import { deskForEach } from './reporting-desk.ts';

const desk = deskForEach();

describe('performance and journal', () => {
  it('cover the day, the week and the month that end today, whichever day is opened for later', async () => {
    await seedDay(desk.database);
    const earlier = (date: string) => ({
      date,
      trades: TRADES.slice(1, 2).map((trade) => ({
        ...trade,
        entry: [trade.entry[0].replace(DATE, date), trade.entry[1]] as [string, string],
        exit: [trade.exit[0].replace(DATE, date), trade.exit[1], trade.exit[2]] as [
          string,
          string,
          string,
        ],
      })),
    });
    await seedDay(desk.database, earlier('2026-03-06'));
    await seedDay(desk.database, earlier('2026-02-20'));
    // opened the evening before, or by a mistyped date
    await seedDay(desk.database, { date: '2026-12-24', trades: [] });
    await desk.database.query(
      `INSERT INTO positions (position_id, security_id, direction, status, qty, entered_qty,
         unrealized_pnl_usd, realized_pnl_usd, created_at, updated_at)
       VALUES ($1, get_or_create_security('HELD'), 'long', 'open', 50, 100, 88.5, -12.25, $2, $2)`,
      [stableId('held'), REPORT_AT],
    );
    await desk.start();
    const show = (period: 'daily' | 'weekly' | 'monthly') =>
      desk.service.client().showPerformance({ query: { period } });
    expect(await show('daily')).toMatchObject({
      from: DATE,
      to: DATE,
      trades: 3,
      sessions: 1,
      equity_change_usd: '156.50',
      open: { positions: 1, unrealized_pnl_usd: '88.50', realized_pnl_usd: '-12.25' },
    });
    const withReport = () =>
      desk.service.client().showPerformance({ query: { with_report: 'true' } });
    expect(await withReport()).toEqual({ ...(await show('daily')), report: null });
    const showDay = (trade_date: string) =>
      desk.service.client().showPerformance({ query: { trade_date } });
    expect(await showDay('2026-03-06')).toMatchObject({ trades: 1, sessions: 1, open: null });
    expect(await showDay('2026-03-05')).toMatchObject({
      trades: 0,
      sessions: 0,
      equity_change_usd: null,
    });
    expect(await show('weekly')).toMatchObject({
      from: '2026-03-04',
      to: DATE,
      trades: 4,
      realized_pnl_usd: '55.50',
    });
    expect(await show('monthly')).toMatchObject({
      from: '2026-02-11',
      to: DATE,
      trades: 5,
      realized_pnl_usd: '-45.50',
    });
    const journal = await desk.service.client('orchestration').showJournal({ query: { limit: 2 } });
    expect(journal.trades.map((trade) => trade.symbol)).toEqual(['CRUX', 'ACME']);
    expect(
      (await desk.service.client().showJournal({ query: { trade_date: '2026-03-06' } })).trades,
    ).toHaveLength(1);
    const report = await desk.make();
    expect((await withReport()).report).toEqual(report);
    expect(await show('daily')).not.toHaveProperty('report');
  });
});
