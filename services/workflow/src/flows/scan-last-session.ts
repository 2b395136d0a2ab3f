import { inNewYork, later, stableId, type Instant, type TradingHours } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { lastOpening, sessionTimes } from '../domain/market-standing.ts';
import type { FlowDeps } from './flow-deps.ts';
import { findLastSessionScan, sessionsAround } from './show-market.ts';

/** One at the start and one at each later look of the schedule: within ten minutes. */
const TRIES = 3;
/** A session's own news: it begins so long before its close. */
const DAY_MS = 24 * 60 * 60_000;

/**
 * The session that is over; null while the day in hand has scans of its own, or soon has: from the
 * first one on until it is too late to open it, or to its close where it was opened.
 */
const lastSession = (
  sessions: readonly TradingHours[],
  now: Instant,
  isOpened: boolean,
): TradingHours | null => {
  const today = sessions.find(({ trade_date }) => trade_date === inNewYork(now).date);
  if (today && now >= sessionTimes(today).scan_at && now < today.close_at)
    if (isOpened || now <= lastOpening(today)) return null;
  return sessions.findLast(({ close_at }) => close_at <= now) ?? null;
};

/**
 * A desk that was not there in the last session scans it once, so that a person who starts it on a
 * Sunday, or before 08:00, sees what it does. The scan belongs to no cycle: it is shown as what it is, and nothing of
 * it can be proposed or entered.
 */
export const createScanLastSession = (deps: FlowDeps, universe_size: number) => {
  const { book, clock, log, news, scanner } = deps;
  let isDone = false;
  let tries = 0;

  return async (): Promise<void> => {
    if (isDone || tries === TRIES) return;
    const now = clock.now();
    const { date } = inNewYork(now);
    const isOpened = (await book.on(date)) !== null;
    const session = lastSession(await sessionsAround(deps, date), now, isOpened);
    if (!session) return;
    const { trade_date } = session;
    try {
      const earlier = await findLastSessionScan(deps);
      isDone = earlier?.session_date === trade_date || (await book.on(trade_date)) !== null;
      if (isDone) return;
      tries += 1;
      await news.collectNews({ body: { since: later(session.close_at, -DAY_MS) } });
      const { status, counts } = await scanner.scanLastSession({
        body: {
          session_date: trade_date,
          universe_size,
          scan_id: stableId('last_session', trade_date, now),
        },
      });
      isDone = status === 'complete';
      if (isDone) log.info('last_session_scanned', { session_date: trade_date, ...counts });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn('last_session_not_scanned', { session_date: trade_date, tries, error });
    }
  };
};
