import { AsyncLocalStorage } from 'node:async_hooks';
import { createTurns, type TakeTurn } from '@catalyst/runtime';

/**
 * Who waits for whom. A position's acts run one after the other and wait for nothing else, so that
 * an exit never stands behind another position, a hanging read or the stream. In a replay all is
 * one line: whatever happens in an instant happens in one order.
 */
export interface DeskTurns {
  ofPosition<T>(positionId: string, work: () => Promise<T>): Promise<T>;
  /** The broker's trade updates, in the order in which they came. */
  ofStream: TakeTurn;
  /** What reads the broker's whole truth; it may act on positions, and never the other way round. */
  ofSync: TakeTurn;
  /** For what a timer does, which belongs to no turn at hand. */
  outside<T>(work: () => T): T;
}

/** Work that has a turn has it for all that it calls. */
export const createDeskTurns = (isOneLine: boolean): DeskTurns => {
  const taken = new AsyncLocalStorage<ReadonlySet<string>>();
  const lines = new Map<string, { take: TakeTurn; waiting: number }>();
  const inLine = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const key = isOneLine ? 'desk' : name;
    const mine = taken.getStore();
    if (mine?.has(key)) return work();
    const line = lines.get(key) ?? { take: createTurns(), waiting: 0 };
    lines.set(key, line);
    line.waiting += 1;
    try {
      return await line.take(() => taken.run(new Set([...(mine ?? []), key]), work));
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(key);
    }
  };
  return {
    ofPosition: (positionId, work) => inLine(`position:${positionId}`, work),
    ofStream: (work) => inLine('stream', work),
    ofSync: (work) => inLine('sync', work),
    outside: (work) => taken.exit(work),
  };
};
