import { describe, expect, it } from '@jest/globals';
import { createLineClock, createLog } from '@catalyst/service-kit';
import { createWatchLimits } from './watch-limits.ts';

/** A clock on which a hundred seconds pass in one, and limits that answer what they are told to. */
const watched = (answers: boolean[]) => {
  const clock = createLineClock({
    w0: performance.timeOrigin + performance.now(),
    s0: Date.parse('2026-03-10T15:00:00Z'),
    f: 100,
  });
  const looks: string[] = [];
  const log = createLog('risk', 'error');
  let looked: () => void = () => {};
  const watch = createWatchLimits({
    clock,
    log,
    checkLimits: (async (cycleId: string) => {
      looks.push(cycleId);
      looked();
      return { confirm: answers.shift() ?? false };
    }) as never,
  });
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      looked = () => looks.length >= count && resolve();
      looked();
    });
  return { watch, looks, until };
};

describe('a new price of what is held', () => {
  it('is held against the limits at once, and what comes right after it is seen with the next', async () => {
    const { watch, looks } = watched([]);
    await watch.onUpdate('cycle');
    await watch.onUpdate('cycle');
    await watch.onUpdate(null);
    expect(looks).toEqual(['cycle']);
  });
  it('that reaches a limit is looked at again until reads agree or it was none, though no price comes', async () => {
    const { watch, looks, until } = watched([true, true, false]);
    await watch.onUpdate('cycle');
    await until(3);
    watch.stop();
    expect(looks).toEqual(['cycle', 'cycle', 'cycle']);
  });
});
