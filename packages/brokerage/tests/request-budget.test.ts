import { describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '@catalyst/service-kit';
import { createRequestBudget } from '../src/request-budget.ts';

const clockAt = (read: () => number): Clock => ({
  ...systemClock,
  now: () => new Date(read()).toISOString(),
  latest: () => new Date(read()).toISOString(),
});
const settled = async (promise: Promise<void>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
  ]);

describe('the budget of requests', () => {
  it('lets no more reads through in a minute than are left when the reserve for orders is kept', async () => {
    let now = 0;
    const budget = createRequestBudget({
      clock: clockAt(() => now),
      per_minute: 5,
      kept_for_acts: 2,
    });
    for (let n = 0; n < 3; n += 1) await budget.take('read');
    now = 59_960;
    const fourth = budget.take('read');
    expect(await settled(fourth)).toBe(false);
    expect(await settled(budget.take('act'))).toBe(true);
    now = 60_000;
    await fourth;
  });
  it('makes even an order wait once the minute is used up', async () => {
    let now = 0;
    const budget = createRequestBudget({
      clock: clockAt(() => now),
      per_minute: 2,
      kept_for_acts: 1,
    });
    await budget.take('act');
    await budget.take('act');
    now = 59_900;
    const third = budget.take('act');
    expect(await settled(third)).toBe(false);
    now = 60_000;
    await third;
  });
});
