import { sessionDate, stableId, type Instant, type TradingHours } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { FlowDeps } from './flow-deps.ts';
import { findLastSessionScan, sessionsAround } from './show-market.ts';

/** One at the start and one at each later look of the schedule: within ten minutes. */
const TRIES = 3;

/** The session that is over and no day in hand has followed; null where there is none such. */
const lastSession = (sessions: readonly TradingHours[], now: Instant): TradingHours | null => {
  const last = sessions.findLast(({ trade_date }) => trade_date <= sessionDate(now));
  return last && now >= last.close_at ? last : null;
};

/**
 * A desk that was not there in the last session scans it once, so that a person who starts it on a
 * Sunday sees what it does. The scan belongs to no cycle: it is shown as what it is, and nothing of
 * it can be proposed or entered.
 */
export const createScanLastSession = (deps: FlowDeps, universe_size: number) => {
  const { book, clock, log, news, scanner } = deps;
  let isDone = false;
  let tries = 0;

  return async (): Promise<void> => {
    if (isDone || tries === TRIES) return;
    const now = clock.now();
    const session = lastSession(await sessionsAround(deps, sessionDate(now)), now);
    if (!session) return;
    const { trade_date } = session;
    try {
      const earlier = await findLastSessionScan(deps);
      isDone = earlier?.session_date === trade_date || (await book.on(trade_date)) !== null;
      if (isDone) return;
      tries += 1;
      await news.collectNews({ body: {} });
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
