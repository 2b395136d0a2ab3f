import type { Cycle } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { changeCycleState } from './change-cycle-state.ts';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';
import { closeEverything } from './jobs/close-day.ts';

/**
 * A person ends the day now: everything is closed, and the jobs of the close do the rest. Asking
 * again changes nothing more.
 */
export const stopCycle = async (
  deps: FlowDeps,
  cycle_id: string,
  by: string,
  reason: string,
): Promise<Cycle> => {
  const day = await deps.book.of(cycle_id);
  if (!day) throw new AppError('NOT_FOUND', `there is no cycle ${cycle_id}`, { cycle_id });
  const { state } = day.cycle;
  if (state === 'failed')
    throw new AppError('CYCLE_NOT_ACTIVE', `the cycle of ${day.cycle.trade_date} has failed`, {
      cycle_id,
      state,
    });
  if (state === 'reporting' || state === 'closed') return day.cycle;
  if (state !== 'closing')
    await changeCycleState(deps, day, 'closing', reason, { by, exit_reason: 'manual' });
  await closeEverything(deps, cycle_id, 'manual', 'stop', handedOn(by));
  return day.cycle;
};
