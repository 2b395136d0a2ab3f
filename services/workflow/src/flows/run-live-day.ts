import { inNewYork, newYorkTime, nyseCalendarDay, type Instant } from '@catalyst/domain';
import { AppError, createTurns } from '@catalyst/service-kit';
import type { CycleDay } from './cycle-book.ts';
import { finishInterruptedExecutions } from './execute-proposal.ts';
import type { FlowDeps } from './flow-deps.ts';
import { openCycle, type WantedCycle } from './open-cycle.ts';

interface Deps {
  defaults: Omit<WantedCycle, 'trade_date' | 'by'>;
  runDueJobs(day: CycleDay, now: Instant, at: Instant | null): Promise<void>;
}

/**
 * How late a day is still opened by itself: an hour before its close nothing is entered any more.
 */
const LAST_OPENING = '14:55';

/**
 * Live and paper: opens the day's cycle and runs what is due, whenever the schedule says that
 * something may be.
 */
export const createRunLiveDay = (deps: FlowDeps, { defaults, runDueJobs }: Deps) => {
  const { book, clock, log } = deps;
  // several jobs of a minute fire at once; one pass over the table does them all
  const alone = createTurns();

  /** Today's day; opened where it is not yet, on a day that may be a trading day. */
  const ensureToday = async (): Promise<CycleDay | null> => {
    const now = clock.now();
    const { date } = inNewYork(now);
    const known = await book.on(date);
    if (known) return known;
    const mayTrade =
      nyseCalendarDay(date) !== null &&
      now >= newYorkTime(date, '04:00') &&
      now <= newYorkTime(date, LAST_OPENING);
    if (!mayTrade) return null;
    try {
      const cycle = await deps.inTurn(() => openCycle(deps, { ...defaults, by: 'schedule' }));
      log.info('cycle_opened', {
        trade_date: cycle.trade_date,
        late_min: Math.round((Date.parse(now) - Date.parse(newYorkTime(date, '04:00'))) / 60_000),
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CYCLE_EXISTS') throw error;
    }
    return book.on(date);
  };

  /** Runs what is due; what fails without saying why leaves the table to be read anew. */
  const runDue = (): Promise<void> =>
    alone(async () => {
      const day = await ensureToday();
      if (!day) return;
      try {
        await runDueJobs(day, clock.now(), null);
      } catch (error) {
        book.forget();
        throw error;
      }
    });

  return {
    ensureToday,
    runDue,
    /** After a start: what a crash cut short is finished first. */
    resume: async (): Promise<void> => {
      await deps.inTurn(() => finishInterruptedExecutions(deps));
      await runDue();
    },
  };
};
export type RunLiveDay = ReturnType<typeof createRunLiveDay>;
