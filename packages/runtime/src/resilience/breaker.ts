import type { Clock } from '../clock.ts';

export interface Breaker {
  /** True when a call may go out; once the open minute is over, the one that asks first is a trial. */
  mayTry(): boolean;
  /** It answered, if only with a refusal. */
  succeeded(): void;
  failed(): void;
}

interface Options {
  clock: Pick<Clock, 'latest'>;
  /** Failures in a row that open it. */
  failures: number;
  open_ms: number;
  onOpen(): void;
  onClose(): void;
}

/**
 * A circuit breaker whose open time runs on the injected clock: a rehearsal that jumps over the
 * minute jumps over this one too, and a replay tries again in its next step.
 */
export const createBreaker = ({ clock, failures, open_ms, onOpen, onClose }: Options): Breaker => {
  let inARow = 0;
  let openUntil: number | null = null;
  const now = (): number => Date.parse(clock.latest());
  return {
    mayTry: () => {
      if (openUntil === null) return true;
      if (now() < openUntil) return false;
      // whoever comes while the trial is out is held back as before
      openUntil = now() + open_ms;
      return true;
    },
    succeeded: () => {
      inARow = 0;
      if (openUntil !== null) onClose();
      openUntil = null;
    },
    failed: () => {
      inARow += 1;
      if (openUntil !== null || inARow < failures) return;
      openUntil = now() + open_ms;
      onOpen();
    },
  };
};
