import { processMemory } from '@catalyst/platform';
import type { DrillDesk } from './drill-desk.ts';

/** Megabytes of each service, before and after. */
export type MemoryCompared = Record<string, { before_mb: number; after_mb: number }>;

/** A service that is whole may grow to this; one that leaks grows with every case. */
const MAY_GROW = 1.6;
/** And by so much in any case: what is loaded at a first use is no leak. */
const MAY_GROW_MB = 40;
const MB = 1024 * 1024;

/** Megabytes that each service that runs has in memory. */
export const memoryOf = ({ desk }: DrillDesk): Map<string, number> =>
  new Map(
    desk.fleet.processes().flatMap(({ service, pid }) => {
      const memory = pid === null ? null : processMemory(pid);
      return memory === null ? [] : [[service, Math.round(memory.resident_bytes / MB)] as const];
    }),
  );

export const compareMemory = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): MemoryCompared =>
  Object.fromEntries(
    [...before].flatMap(([service, before_mb]) => {
      const after_mb = after.get(service);
      return after_mb === undefined ? [] : [[service, { before_mb, after_mb }] as const];
    }),
  );

/** Services that have kept what the cases took, in words. */
export const whatHasGrown = (memory: MemoryCompared): string[] =>
  Object.entries(memory).flatMap(([service, { before_mb, after_mb }]) =>
    after_mb > Math.max(before_mb * MAY_GROW, before_mb + MAY_GROW_MB)
      ? [`${service} has ${after_mb} MB after the drill, ${before_mb} before`]
      : [],
  );
