import type { DayPlan } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { planOfDay } from '../domain/day-plan.ts';
import type { FlowDeps } from './flow-deps.ts';
import { sessionsAround } from './show-market.ts';

/** The rest of the session at hand, else the next one. */
export const showPlan = async (deps: FlowDeps): Promise<DayPlan> => {
  const as_of = deps.clock.now();
  const { date } = inNewYork(as_of);
  const sessions = await sessionsAround(deps, date);
  const hours = sessions.find(({ after_hours_close_at }) => after_hours_close_at > as_of)!;
  const day = await deps.book.on(hours.trade_date);
  return {
    as_of,
    trade_date: hours.trade_date,
    state: day?.cycle.state ?? null,
    session_mode: day?.cycle.session_mode ?? null,
    jobs: planOfDay(hours, deps.sessions, day?.cycle.state ?? 'scheduled', as_of),
  };
};
