import type { Cycle } from '@catalyst/contracts';
import { inNewYork, tradingHours, type TradeDate, type TradingHours } from '@catalyst/domain';
import type { Database } from '@catalyst/service-kit';
import type { RunState } from '../domain/agenda.ts';
import type { MarketView } from '../domain/market-view.ts';
import { dueTimes, runKey, type ScheduledJob } from '../domain/schedule.ts';
import {
  sessionWindows,
  type SessionsConfig,
  type SessionWindow,
} from '../domain/session-windows.ts';
import { findCycle, findCycleOn } from '../store/cycles.ts';
import { findLatestStep, listRuns } from '../store/job-runs.ts';

/**
 * A cycle with what follows from it; the rows are the truth, this is a copy that this process alone
 * changes, after each commit.
 */
export interface CycleDay {
  cycle: Cycle;
  hours: TradingHours;
  windows: SessionWindow[];
  schedule: readonly ScheduledJob[];
  /** What of the schedule may still be due: it is gone through several times a minute. */
  agenda: readonly ScheduledJob[];
  runs: Map<string, RunState>;
  view: MarketView | null;
}

export interface CycleBook {
  /** The day of a trading date's cycle; null where none was opened. */
  on(trade_date: TradeDate): Promise<CycleDay | null>;
  /** The day of a cycle; null where it is unknown. */
  of(cycle_id: string): Promise<CycleDay | null>;
  /** Forgets what was read, so that the next reader takes the rows. */
  forget(): void;
}

/** The step whose result is the market view. */
export const SCAN_STEP = 'scan';

export const hoursOf = ({
  trade_date,
  open_at,
  close_at,
}: Pick<Cycle, 'trade_date' | 'open_at' | 'close_at'>): TradingHours =>
  tradingHours({
    date: trade_date,
    open: inNewYork(open_at).clock,
    close: inNewYork(close_at).clock,
  });

export const createCycleBook = (database: Database, sessions: SessionsConfig): CycleBook => {
  const days = new Map<string, CycleDay>();

  const read = async (cycle: Cycle | null): Promise<CycleDay | null> => {
    if (!cycle) return null;
    const known = days.get(cycle.cycle_id);
    if (known) return known;
    const [runs, view] = await Promise.all([
      listRuns(database, cycle.cycle_id),
      findLatestStep(database, cycle.cycle_id, SCAN_STEP),
    ]);
    const meanwhile = days.get(cycle.cycle_id);
    // two copies of a day would each think the other's jobs undone
    if (meanwhile) return meanwhile;
    const hours = hoursOf(cycle);
    const schedule = dueTimes(hours, sessions);
    const day: CycleDay = {
      cycle,
      hours,
      windows: sessionWindows(sessions, hours),
      schedule,
      agenda: schedule,
      runs: new Map(runs.map((run) => [runKey(run), run.state])),
      view: view as MarketView | null,
    };
    days.set(cycle.cycle_id, day);
    return day;
  };

  return {
    on: async (trade_date) =>
      [...days.values()].find(({ cycle }) => cycle.trade_date === trade_date) ??
      read(await findCycleOn(database, trade_date)),
    of: async (cycle_id) => days.get(cycle_id) ?? read(await findCycle(database, cycle_id)),
    forget: () => days.clear(),
  };
};
