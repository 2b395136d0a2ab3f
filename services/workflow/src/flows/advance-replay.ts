import type { CycleState } from '@catalyst/contracts';
import { inNewYork, toInstant, type Instant } from '@catalyst/domain';
import { AppError, inContext, createTurns } from '@catalyst/service-kit';
import { nextInstant } from '../domain/agenda.ts';
import type { Simulator, SimulatorStanding } from '../adapters/simulator.ts';
import type { CycleDay } from './cycle-book.ts';
import type { Desk } from './desk.ts';

/** Rounds of updates that may cause updates; more of them is a fleet that chases its own tail. */
const MAX_ROUNDS = 100;

/** The fleet and the exchange of a replay, moved and brought to rest together. */
export interface Stage {
  /** The exchange's time; everything outside of a job happens at it. */
  now(): Instant;
  /** Reads where the exchange stands: at the start, since another process may have moved it. */
  find(): Promise<void>;
  stepTo(to: Instant): Promise<void>;
  settle(): Promise<void>;
}

/**
 * Settling: drain whoever consumes trade updates up to the exchange's `seq`, ask again, and go on
 * until `seq` no longer moves: a follow-up order causes new updates, and an answer races its own
 * update on another socket.
 */
export const createStage = (
  simulator: Simulator,
  trading: Pick<Desk['trading'], 'drainStream'>,
  starts_at: Instant,
): Stage => {
  let now = toInstant(starts_at);
  let settled = -1;

  const note = (standing: SimulatorStanding): void => {
    const at = toInstant(standing.now);
    if (at > now) now = at;
  };
  const settleFrom = async (seq: number): Promise<void> => {
    for (let round = 0; seq !== settled; round += 1) {
      if (round === MAX_ROUNDS)
        throw new AppError(
          'TIMED_OUT',
          `the fleet did not come to rest within ${MAX_ROUNDS} rounds of trade updates`,
          { seq },
        );
      await trading.drainStream({ body: { to_seq: seq } });
      settled = seq;
      seq = (await simulator.status()).seq;
    }
  };
  return {
    now: () => now,
    find: async () => note(await simulator.status()),
    stepTo: async (to) => {
      const standing = await simulator.stepTo(to);
      note(standing);
      await inContext({ at: to }, () => settleFrom(standing.seq));
    },
    settle: async () => settleFrom((await simulator.status()).seq),
  };
};

interface Deps {
  stage: Stage;
  book: Desk['book'];
  runDueJobs(day: CycleDay, now: Instant, at: Instant | null): Promise<void>;
  inTurn: Desk['inTurn'];
}

/**
 * The conductor of a replayed day: for each instant at which something is due it moves the
 * exchange, lets the fleet settle and runs what is due.
 */
export const createAdvanceReplay = ({ stage, book, runDueJobs, inTurn }: Deps) => {
  const alone = createTurns();
  return (to: Instant): Promise<{ now: Instant; state: CycleState }> =>
    alone(async () => {
      const target = toInstant(to);
      const day = await book.on(inNewYork(stage.now()).date);
      if (!day)
        throw new AppError(
          'CYCLE_NOT_ACTIVE',
          `no cycle was opened for ${inNewYork(stage.now()).date}: open it with POST /api/v1/cycles, then advance`,
        );
      const move = (at: Instant) =>
        inTurn(() =>
          inContext({ at, cycle_id: day.cycle.cycle_id, request_id: `step@${at}` }, () =>
            stage.stepTo(at),
          ),
        );
      for (;;) {
        const instant = nextInstant(day.schedule, day.runs, day.cycle, stage.now());
        if (instant === null || instant > target) break;
        await move(instant);
        await runDueJobs(day, instant, instant);
      }
      if (target > stage.now()) await move(target);
      return { now: stage.now(), state: day.cycle.state };
    });
};
