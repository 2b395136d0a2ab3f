import {
  inNewYork,
  later,
  nyseCalendar,
  nyseCalendarDay,
  tradingHours,
  type Instant,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import { AppError, createTurns } from '@catalyst/service-kit';
import { closedBecause, describeNextSession, lastOpening } from '../domain/market-standing.ts';
import { listHeld } from '../store/desk-reads.ts';
import type { CycleDay } from './cycle-book.ts';
import { finishInterruptedExecutions } from './execute-proposal.ts';
import type { FlowDeps } from './flow-deps.ts';
import { openCycle, type Reference, type WantedCycle } from './open-cycle.ts';
import { createScanLastSession } from './scan-last-session.ts';

interface Deps {
  defaults: Omit<WantedCycle, 'trade_date' | 'by'>;
  runDueJobs(day: CycleDay, now: Instant, at: Instant | null): Promise<void>;
}

/** What the exchange's calendar says of a date; asked once. */
interface Look extends Reference {
  date: TradeDate;
}

const hoursOrNull = (day: Reference['trading_day']): TradingHours | null =>
  day && tradingHours(day);

/** The built-in list's word, for a date on which it knows the exchange to be closed. */
const lookByRule = (date: TradeDate): Look => {
  const soon = later(`${date}T12:00:00.000Z`, 14 * 86_400_000).slice(0, 10);
  const next_trading_day = nyseCalendar(date, soon)[0] ?? null;
  return { date, trading_day: null, next_trading_day, unread: [] };
};

/**
 * Live and paper: opens the day's cycle and runs what is due, whenever the schedule says that
 * something may be.
 */
export const createRunLiveDay = (deps: FlowDeps, { defaults, runDueJobs }: Deps) => {
  const { book, clock, database, log, technical } = deps;
  // several jobs of a minute fire at once; one pass over the table does them all
  const alone = createTurns();
  let looked: Look | null = null;
  let today: CycleDay | null = null;

  const askBroker = async (date: TradeDate): Promise<Look> => {
    try {
      return { date, ...(await technical.syncReference({ body: { trade_date: date } })) };
    } catch (error) {
      // a broker that is away on a Sunday is no reason to wait for it
      if (!(error instanceof AppError) || nyseCalendarDay(date) !== null) throw error;
      log.warn('calendar_by_rule', { trade_date: date, error });
      return lookByRule(date);
    }
  };

  /** What is known of a date without asking: what was asked on it, or of a session after it. */
  const knownOf = (date: TradeDate): Look | null => {
    if (!looked || date < looked.date) return null;
    if (looked.date === date) return looked;
    const next = looked.next_trading_day;
    if (!next || date > next.date) return null;
    return {
      date,
      trading_day: date === next.date ? next : null,
      next_trading_day: next,
      unread: [],
    };
  };

  /**
   * Why nothing happens on the date of an instant, and when something does; null where a cycle is
   * to be opened, or nothing is known.
   */
  const closedAt = (now: Instant): string | null => {
    const { date } = inNewYork(now);
    const known = knownOf(date);
    const because = known && closedBecause(date, hoursOrNull(known.trading_day), now);
    if (because === null) return null;
    const next = [known!.trading_day, known!.next_trading_day]
      .map(hoursOrNull)
      .find((hours) => hours && hours.open_at > now);
    return `closed today: ${because}${next ? `; ${describeNextSession(next)}` : ''}`;
  };

  /**
   * Looks at the broker's calendar, once for each date, since a closure may be announced at any
   * time; a date on which the exchange is known to be closed needs no look.
   */
  const lookAt = async (date: TradeDate, now: Instant): Promise<Look | null> => {
    const known = knownOf(date);
    if (known && (known === looked || closedBecause(date, hoursOrNull(known.trading_day), now)))
      return known;
    looked = await askBroker(date);
    const closed = closedAt(now);
    if (closed !== null) log.info('closed_today', { trade_date: date, reason: closed });
    else if (looked.trading_day && now > lastOpening(tradingHours(looked.trading_day)))
      log.info('too_late_today', { trade_date: date });
    return looked;
  };

  /**
   * Whether today's cycle is still worth opening: until soon before the last entry; and until the
   * close where something is held, since the minutes of a cycle are what watches it.
   */
  const isWorthOpening = async (hours: TradingHours, now: Instant): Promise<boolean> =>
    now >= hours.pre_market_open_at &&
    now < hours.close_at &&
    (now <= lastOpening(hours) || (await listHeld(database)).length > 0);

  /** Today's day; opened where it is not yet, on a day that is a trading day. */
  const findToday = async (): Promise<CycleDay | null> => {
    const now = clock.now();
    const { date } = inNewYork(now);
    const known = await book.on(date);
    if (known) return known;
    const look = await lookAt(date, now);
    const hours = hoursOrNull(look?.trading_day ?? null);
    if (!hours || !(await isWorthOpening(hours, now))) return null;
    try {
      const cycle = await deps.inTurn(() =>
        openCycle(deps, { ...defaults, by: 'schedule' }, look!),
      );
      log.info('cycle_opened', {
        trade_date: cycle.trade_date,
        late_min: Math.round((Date.parse(now) - Date.parse(hours.pre_market_open_at)) / 60_000),
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CYCLE_EXISTS') throw error;
    }
    return book.on(date);
  };

  const ensureToday = async (): Promise<CycleDay | null> => (today = await findToday());

  let next: Promise<void> | null = null;
  /**
   * Runs what is due; what fails without saying why leaves the table to be read anew. A pass that has
   * not begun is everybody's: a job that waits for a vendor is not run once for each task of a minute.
   */
  const runDue = (): Promise<void> =>
    (next ??= alone(async () => {
      next = null;
      const day = await ensureToday();
      if (!day) return;
      try {
        await runDueJobs(day, clock.now(), null);
      } catch (error) {
        book.forget();
        throw error;
      }
    }));

  return {
    ensureToday,
    /** Today as it was known last, also while its rows cannot be read. */
    lastKnown: (): CycleDay | null => today,
    runDue,
    scanLastSession: createScanLastSession(deps, defaults.universe_size),
    /** Why today has no cycle, as it should be; null where it has one or should have. */
    closedToday: (): string | null => closedAt(clock.latest()),
    /** After a start: what a crash cut short is finished first. */
    resume: async (): Promise<void> => {
      await deps.inTurn(() => finishInterruptedExecutions(deps));
      await runDue();
    },
  };
};
export type RunLiveDay = ReturnType<typeof createRunLiveDay>;
