import { UNIVERSE_SIZE, type Cycle, type SessionMode } from '@catalyst/contracts';
import {
  inNewYork,
  stableId,
  tradingHours,
  type CalendarDay,
  type TradeDate,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { appendLog, findCycleOn, insertCycle } from '../store/cycles.ts';
import type { FlowDeps } from './flow-deps.ts';
import { stageAlert } from './raise-alert.ts';
import { refuseAutonomous } from './set-session-mode.ts';

export interface WantedCycle {
  trade_date?: TradeDate;
  session_mode: SessionMode;
  universe_size: number;
  by: string;
}

const exists = ({ cycle_id, trade_date, state }: Cycle): AppError =>
  new AppError('CYCLE_EXISTS', `the cycle of ${trade_date} exists and is ${state}`, {
    cycle_id,
    trade_date,
    state,
  });

/** What the broker says of a date and of the session after it. */
export interface Reference {
  trading_day: CalendarDay | null;
  next_trading_day: CalendarDay | null;
  /** What of its answers nobody can read. */
  unread: readonly string[];
}

/**
 * Opens the cycle of a trading date, today's unless another is named; a date has one. Who has asked
 * the broker about the date already gives its answer.
 */
export const openCycle = async (
  deps: FlowDeps,
  { trade_date, session_mode, universe_size, by }: WantedCycle,
  reference?: Reference,
): Promise<Cycle> => {
  const { run_id, technical, database, clock, bus, audit } = deps;
  // the schedule's mode is the operator's, who configured it
  if (by !== 'schedule') refuseAutonomous(session_mode, by);
  const { min, max } = UNIVERSE_SIZE;
  if (!Number.isInteger(universe_size) || universe_size < min || universe_size > max) {
    throw new AppError(
      'INVALID_UNIVERSE_SIZE',
      `universe_size must be a whole number from ${min} to ${max}, was ${universe_size}`,
      { provided: universe_size, min, max },
    );
  }
  const now = clock.now();
  const today = inNewYork(now).date;
  const date = trade_date ?? today;
  if (date < today)
    throw new AppError(
      'INVALID_REQUEST',
      `${date} is over: a cycle is opened for today (${today}) or a day to come`,
      { trade_date: date },
    );
  const known = await findCycleOn(database, date);
  if (known) throw exists(known);

  const { trading_day, next_trading_day, unread } =
    reference ?? (await technical.syncReference({ body: { trade_date: date } }));
  if (!trading_day) {
    const next = next_trading_day ? `; the next trading day is ${next_trading_day.date}` : '';
    throw new AppError('INVALID_REQUEST', `the exchange is closed on ${date}${next}`, {
      trade_date: date,
      next_trading_day: next_trading_day?.date ?? null,
    });
  }
  const hours = tradingHours(trading_day);
  if (now >= hours.close_at)
    throw new AppError('INVALID_REQUEST', `the session of ${date} closed at ${hours.close_at}`, {
      trade_date: date,
      next_trading_day: next_trading_day?.date ?? null,
    });

  const cycle: Cycle = {
    cycle_id: stableId('cycle', run_id, date),
    trade_date: date,
    state: 'scheduled',
    session_mode,
    universe_size,
    open_at: hours.open_at,
    close_at: hours.close_at,
    is_half_day: hours.is_half_day,
    created_at: now,
    updated_at: now,
  };
  const { cycle_id } = cycle;
  const isNew = await database.transaction(async (tx) => {
    if (!(await insertCycle(tx, cycle))) return false;
    tx.beforeCommit(() =>
      appendLog(tx, {
        cycle_id,
        at: now,
        kind: 'transition',
        title: 'opened -> scheduled',
        details: { from: null, to: 'scheduled', session_mode, universe_size, by },
      }),
    );
    if (unread.length > 0)
      stageAlert(tx, deps, cycle_id, {
        severity: 'warning',
        code: 'ITEMS_UNREAD',
        message: `the broker sent what cannot be read: ${unread.join('; ')}`,
        details: { unread },
      });
    bus.stage(tx, 'catalyst:cycle_state', {
      cycle_id,
      trade_date: date,
      from: null,
      to: 'scheduled',
    });
    audit(tx, {
      actor: by,
      action: 'cycle_opened',
      subject: cycle_id,
      details: { trade_date: date, session_mode, universe_size },
    });
    return true;
  });
  if (!isNew) throw exists((await findCycleOn(database, date))!);
  await bus.changeStanding();
  return cycle;
};
