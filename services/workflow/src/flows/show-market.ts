import type { MarketStanding, Scan } from '@catalyst/contracts';
import {
  inNewYork,
  later,
  nyseCalendar,
  sessionAt,
  tradingHours,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { closedBecause, sessionTimes } from '../domain/market-standing.ts';
import { listTradingHours } from '../store/market-calendar.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Longer than the exchange ever closes without an end in sight. */
const DAYS = 14;

/**
 * The sessions around a date: the broker's as they are stored; by rule where none are, as on a desk
 * that has never reached its broker.
 */
export const sessionsAround = async (
  { database }: Pick<FlowDeps, 'database'>,
  date: TradeDate,
): Promise<TradingHours[]> => {
  const shift = (days: number): TradeDate =>
    later(`${date}T12:00:00.000Z`, days * 86_400_000).slice(0, 10);
  const stored = await listTradingHours(database, shift(-DAYS), shift(DAYS));
  const isCovered = stored.some(({ trade_date }) => trade_date > date);
  return isCovered ? stored : nyseCalendar(shift(-DAYS), shift(DAYS)).map(tradingHours);
};

/** The last complete scan of a session that was over; null where there is none. */
export const findLastSessionScan = async ({
  scanner,
}: Pick<FlowDeps, 'scanner'>): Promise<Scan | null> => {
  try {
    return await scanner.showLastSessionScan();
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
};

/** Whether the exchange is open and the desk at work, and when both are next. */
export const showMarket = async (deps: FlowDeps): Promise<MarketStanding> => {
  const now = deps.clock.now();
  const { date } = inNewYork(now);
  const [sessions, cycle, scan] = await Promise.all([
    sessionsAround(deps, date),
    deps.book.on(date),
    findLastSessionScan(deps),
  ]);
  const today = sessions.find(({ trade_date }) => trade_date === date) ?? null;
  return {
    as_of: now,
    session: today ? sessionAt(today, now) : 'closed',
    closed_because: cycle ? null : closedBecause(date, today, now),
    next_session: sessionTimes(sessions.find(({ open_at }) => open_at > now)!),
    last_session_scan: scan && {
      scan_id: scan.scan_id,
      session_date: scan.session_date!,
      completed_at: scan.completed_at!,
      candidates: scan.results.filter(({ passed }) => passed).map(({ symbol }) => symbol),
    },
  };
};
