import { toInstant, type Instant } from '@catalyst/domain';
import { AppError, inContext } from '@catalyst/service-kit';
import type { Simulator, SimulatorStanding } from '../adapters/simulator.ts';
import type { FlowDeps } from './flow-deps.ts';

/** Rounds of updates that may cause updates; more of them is a fleet that chases its own tail. */
const MAX_ROUNDS = 100;

/** The fleet and the exchange of a replay, moved and brought to rest together. */
export interface Lockstep {
  /** The exchange's time; everything outside of a job happens at it. */
  now(): Instant;
  /** Reads where the exchange stands: at the start, since another process may have moved it. */
  find(): Promise<void>;
  stepTo(to: Instant): Promise<void>;
  /**
   * Brings the fleet to rest after a call that may have caused an order. With the `acts_mark` of
   * the last settling there was none, and nothing is asked.
   */
  settle(acts_mark?: string): Promise<void>;
}

/**
 * Settling: drain whoever consumes trade updates up to the exchange's `seq`, ask again, and go on
 * until `seq` no longer moves: a follow-up order causes new updates, and an answer races its own
 * update on another socket.
 */
export const createLockstep = (
  simulator: Simulator,
  trading: Pick<FlowDeps['trading'], 'drainStream'>,
  starts_at: Instant,
): Lockstep => {
  let now = toInstant(starts_at);
  let settled = -1;
  let settledMark: string | undefined;

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
    settle: async (acts_mark) => {
      if (acts_mark !== undefined && acts_mark === settledMark) return;
      await settleFrom((await simulator.status()).seq);
      settledMark = acts_mark;
    },
  };
};
