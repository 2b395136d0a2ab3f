import { describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '@catalyst/runtime';
import { createRequestBudget, requestShares } from '../src/request-budget.ts';

/** A clock that moves only when someone sleeps on it, and says how long they did. */
const sleeper = () => {
  let now = 0;
  const slept: number[] = [];
  const read = () => new Date(now).toISOString();
  return {
    slept,
    clock: {
      ...systemClock,
      now: read,
      latest: read,
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
      },
    } satisfies Clock,
  };
};
const take = async (
  budget: ReturnType<typeof createRequestBudget>,
  purpose: Parameters<typeof budget.take>[0],
  times: number,
) => {
  for (let n = 0; n < times; n += 1) await budget.take(purpose);
};

describe('the budget of requests', () => {
  it('sums to 190 at each host, so that ten are left to the account’s owner', () => {
    for (const shares of Object.values(requestShares))
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(190);
  });

  it.each([
    ['read', 13],
    ['entry', 16],
    ['reconciliation', 18],
  ] as const)(
    'lets no %s through beyond what is kept for those before it',
    async (purpose, most) => {
      const { clock, slept } = sleeper();
      const budget = createRequestBudget({ clock, per_minute: 20, has_exits: true });
      await take(budget, purpose, most);
      expect(slept).toEqual([]);
      await take(budget, purpose, 1);
      expect(slept).toEqual([60_000]);
    },
  );

  it('counts exits and protection and never lets them wait', async () => {
    const { clock, slept } = sleeper();
    const budget = createRequestBudget({ clock, per_minute: 20, has_exits: true });
    await take(budget, 'exit', 15);
    await take(budget, 'protection', 15);
    expect(slept).toEqual([]);
    await take(budget, 'reconciliation', 1);
    expect(slept).toEqual([60_000]);
  });

  it('keeps nothing back where nobody exits', async () => {
    const { clock, slept } = sleeper();
    const budget = createRequestBudget({ clock, per_minute: 20, has_exits: false });
    await take(budget, 'read', 20);
    expect(slept).toEqual([]);
  });

  it('lets only exits and protection out while the host has had enough', async () => {
    const { clock, slept } = sleeper();
    const budget = createRequestBudget({ clock, per_minute: 20, has_exits: true });
    budget.holdUntil(45_000);
    await take(budget, 'exit', 1);
    await take(budget, 'protection', 1);
    expect(slept).toEqual([]);
    await take(budget, 'entry', 1);
    expect(slept).toEqual([45_000]);
  });
});
