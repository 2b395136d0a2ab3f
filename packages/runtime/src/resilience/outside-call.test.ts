import { expect, it } from '@jest/globals';
import { createOutsideCall } from './outside-call.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const transient = new Error('the network is away');
const refused = new Error('no such order');

const callTo = (clock = { latest: () => '2026-03-24T14:00:00.000Z' }) => {
  const counted: string[] = [];
  const openCircuits = new Set<string>();
  const call = createOutsideCall({
    target: 'broker',
    log,
    clock,
    timeout_ms: 200,
    isTransient: (error) => error === transient,
    metrics: {
      outsideCalls: {
        startTimer:
          () =>
          ({ outcome }) =>
            counted.push(outcome),
      },
      openCircuits,
      retries: { inc: ({ target }) => counted.push(`again ${target}`) },
      listItems: { inc: silent },
    },
  });
  return { call, counted, openCircuits };
};
/** Fails so often, then answers. */
const failing = (times: number, error = transient) => {
  const at: number[] = [];
  return {
    at,
    work: async () => {
      at.push(performance.now());
      if (at.length <= times) throw error;
      return 'answered';
    },
  };
};

it('tries again what may be done twice, later each time, and counts each try', async () => {
  const { call, counted } = callTo();
  const { work, at } = failing(2);
  expect(await call.repeatable(work)).toBe('answered');
  expect(at).toHaveLength(3);
  expect(counted).toEqual(['again broker', 'again broker', 'ok']);
});

it('waits for a time of its own each time, so that callers do not come back together', async () => {
  const waits = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const { work, at } = failing(1);
      await callTo().call.repeatable(work);
      return Math.round(at[1]! - at[0]!);
    }),
  );
  expect(new Set(waits).size).toBeGreaterThan(1);
});

it('does once what may not be done twice, and never again what was refused', async () => {
  const { call, counted } = callTo();
  const lost = failing(1);
  await expect(call.once(lost.work)).rejects.toBe(transient);
  const no = failing(1, refused);
  await expect(call.repeatable(no.work)).rejects.toBe(refused);
  expect([lost.at.length, no.at.length]).toEqual([1, 1]);
  expect(counted).toEqual(['failed', 'failed']);
});

it('gives up what does not answer, as time that ran out', async () => {
  const { call } = callTo();
  await expect(call.once(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'TIMED_OUT' });
});

it('leaves who failed five times alone, says so, and asks again after a minute', async () => {
  let now = '2026-03-24T14:00:00.000Z';
  const { call, openCircuits } = callTo({ latest: () => now });
  const { work, at } = failing(5);
  for (let n = 0; n < 5; n += 1) await expect(call.once(work)).rejects.toBe(transient);
  expect([...openCircuits]).toEqual(['broker']);
  await expect(call.once(work)).rejects.toMatchObject({ code: 'VENDOR_UNAVAILABLE' });
  expect(at).toHaveLength(5);
  now = '2026-03-24T14:01:00.000Z';
  expect(await call.once(work)).toBe('answered');
  expect([...openCircuits]).toEqual([]);
});
