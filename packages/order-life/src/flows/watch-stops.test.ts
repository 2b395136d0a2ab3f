import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@catalyst/runtime';
import type { BookReads } from '../book.ts';
import type { StandingRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import { createWatchStops } from './watch-stops.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** Looks at a file that says this, one reading after the other, and nothing after the last. */
const watch = (...readings: (string | null)[]) => {
  const kept: string[] = [];
  const reads = {
    readStanding: async (): Promise<StandingRow> => ({
      state: 'active',
      reason: 'armed',
      stopped_at: null,
      on_behalf_of: null,
      epoch: null,
      sighted: kept.at(-1) ?? null,
    }),
  } as BookReads;
  const book = {
    ...reads,
    transaction: (work: (tx: unknown) => Promise<unknown>) =>
      work({ noteHaltFile: async (reason: string) => void kept.push(reason) }),
  } as unknown as LifeDeps['book'];
  const haltFile = { read: () => readings.shift() ?? null, isDirect: () => false };
  const stops = createWatchStops(
    { book, log, clock: systemClock } as unknown as LifeDeps,
    haltFile,
    () => null,
  );
  return { stops, reads, kept };
};

describe('a halt file that was there for a moment', () => {
  it.each<[string, (string | null)[]]>([
    ['at the first reading of a look', ['enough']],
    ['between the two readings of a look', [null, 'enough']],
  ])(
    '%s is kept before anything acts on it, and keeps the desk halted',
    async (_when, readings) => {
      const { stops, reads, kept } = watch(...readings);
      await stops.look();
      expect([kept, stops.isHalted()]).toEqual([['enough'], true]);
      await stops.look();
      expect([kept, stops.isHalted()]).toEqual([['enough'], true]);
      await expect(stops.assertMayEnter(reads, null)).rejects.toMatchObject({
        code: 'DESK_STOPPED',
        message: 'nothing is entered: trading is halted by the halt file: enough',
      });
    },
  );

  it('as an entry was about to be intended is kept by the next look', async () => {
    const { stops, reads, kept } = watch('enough');
    await expect(stops.assertMayEnter(reads, null)).rejects.toMatchObject({ code: 'DESK_STOPPED' });
    await expect(stops.assertMayEnter(reads, null)).rejects.toMatchObject({ code: 'DESK_STOPPED' });
    await stops.look();
    expect(kept).toEqual(['enough']);
  });
});
