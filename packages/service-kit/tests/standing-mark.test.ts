import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedRedis } from '@catalyst/platform';
import { startCutOff, type CutOff } from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { createStandingMark, STANDING_KEPT_MS, standingKey } from '../src/bus/standing-mark.ts';

const RUN_ID = `mark-${randomUUID()}`;
let way: CutOff;
let redis: Redis;
let witness: Redis;
beforeAll(async () => {
  const { url } = await sharedRedis();
  way = await startCutOff(url);
  redis = new Redis(way.url, { maxRetriesPerRequest: null });
  redis.on('error', () => {});
  witness = new Redis(url);
});
afterAll(async () => {
  redis.disconnect();
  witness.disconnect();
  await way.close();
});

describe('a change of how the desk stands', () => {
  it('is over once the mark is another, each time', async () => {
    const changeStanding = createStandingMark(redis, RUN_ID);
    await redis.ping();
    let before: string | null = null;
    for (let turn = 0; turn < 3; turn += 1) {
      const from = performance.now();
      await changeStanding();
      const took_ms = performance.now() - from;
      const mark = await witness.get(standingKey(RUN_ID));
      // where Redis was slower, what was kept is too old, whatever the mark
      if (took_ms < STANDING_KEPT_MS - 2) expect(mark).not.toBe(before);
      before = mark;
    }
    expect(before).not.toBeNull();
  });
  it.each(['cut', 'hang'] as const)(
    'waits out what may be kept where Redis does not hear it: %s',
    async (trouble) => {
      const before = await witness.get(standingKey(RUN_ID));
      way[trouble]();
      const from = performance.now();
      await createStandingMark(redis, RUN_ID)();
      expect(performance.now() - from).toBeGreaterThanOrEqual(STANDING_KEPT_MS - 2);
      expect(await witness.get(standingKey(RUN_ID))).toBe(before);
      way.mend();
    },
  );
});
