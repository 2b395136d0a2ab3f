import type { Performance } from '@catalyst/contracts';
import { add, dayFees } from '@catalyst/domain';
import { measurePerformance } from '../domain/measure-performance.ts';
import { periodDates, type Period } from '../domain/period.ts';
import { toTrade } from '../domain/trade.ts';
import type { Store } from '../store/reports.ts';

/** Reads what a period holds and measures it; hands back what else the caller needs of it. */
export const createLoadPerformance =
  ({ store }: { store: Store }) =>
  async (period: Period, tradeDate: string) => {
    const { from, to } = periodDates(period, tradeDate);
    const [positions, readings, dates, sales, charged] = await Promise.all([
      store.closedPositions(from, to),
      store.readings(from, to),
      store.cycleDates(from, to),
      store.sales(from, to),
      store.chargedFees(from, to),
    ]);
    const days = dates.map((date) => ({
      trade_date: date,
      realized_pnl_usd: add(
        ...positions
          .filter((position) => position.trade_date === date)
          .map((position) => position.realized_pnl_usd),
      ),
      start_equity_usd:
        readings.find((reading) => reading.trade_date === date)?.last_equity_usd ?? null,
    }));
    const soldOn = Map.groupBy(sales, ({ trade_date }) => trade_date);
    const chargedOn = Map.groupBy(charged, ({ trade_date }) => trade_date);
    const fees = [...new Set([...soldOn.keys(), ...chargedOn.keys()])].map((date) =>
      dayFees(date, soldOn.get(date) ?? [], chargedOn.get(date) ?? []),
    );
    const performance: Performance = measurePerformance({
      period,
      from,
      to,
      trades: positions.map(toTrade),
      days,
      readings,
      fees,
    });
    return { performance, positions, readings, sessions: dates.length };
  };
export type LoadPerformance = ReturnType<typeof createLoadPerformance>;
