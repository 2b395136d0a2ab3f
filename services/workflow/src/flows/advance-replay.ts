import type { CycleState } from '@catalyst/contracts';
import { inNewYork, toInstant, type Instant } from '@catalyst/domain';
import { AppError, inContext, createTurns } from '@catalyst/service-kit';
import { nextInstant } from '../domain/agenda.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Lockstep } from './lockstep.ts';

interface Deps {
  lockstep: Lockstep;
  runDueJobs(day: CycleDay, now: Instant, at: Instant | null): Promise<void>;
}

/**
 * The conductor of a replayed day: for each instant at which something is due it moves the
 * exchange, lets the fleet settle and runs what is due.
 */
export const createAdvanceReplay = (
  { book, bus, inTurn }: FlowDeps,
  { lockstep, runDueJobs }: Deps,
) => {
  const alone = createTurns();
  return (to: Instant): Promise<{ now: Instant; state: CycleState }> =>
    alone(async () => {
      const target = toInstant(to);
      const day = await book.on(inNewYork(lockstep.now()).date);
      if (!day)
        throw new AppError(
          'CYCLE_NOT_ACTIVE',
          `no cycle was opened for ${inNewYork(lockstep.now()).date}: open it with POST /api/v1/cycles, then advance`,
        );
      const move = (at: Instant) =>
        inTurn(() =>
          inContext({ at, cycle_id: day.cycle.cycle_id, request_id: `step@${at}` }, () =>
            lockstep.stepTo(at),
          ),
        );
      for (;;) {
        const instant = nextInstant(day.agenda, day.runs, day.cycle, lockstep.now());
        if (instant === null || instant > target) break;
        await move(instant);
        await runDueJobs(day, instant, instant);
      }
      if (target > lockstep.now()) await move(target);
      return { now: lockstep.now(), state: day.cycle.state };
    }).finally(bus.changeStanding);
};
