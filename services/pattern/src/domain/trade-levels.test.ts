import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planTrade } from './trade-levels.ts';

describe('the stop of a set-up', () => {
  it.each([
    ['structure, where it is tighter than twice the range', 98.5, 98.5, 'structure'],
    ['twice the range, where structure is wider', 95, 98, 'atr'],
    ['twice the range, where structure lies inside the noise', 99.8, 98, 'atr'],
    ['twice the range, where structure lies above the level', 101, 98, 'atr'],
  ])('is %s', (_title, structure_stop, stop, stop_basis) => {
    expect(
      planTrade({ level: 100, structure_stop, average_range: 1, measured_target: 105 }),
    ).toMatchObject({ stop, stop_basis });
  });

  it('has a target of at least twice the risk', () => {
    expect(
      planTrade({ level: 100, structure_stop: 98, average_range: 1, measured_target: 101 }),
    ).toMatchObject({ target: 104, reward_to_risk: 2 });
    expect(
      planTrade({ level: 100, structure_stop: 99, average_range: 1, measured_target: 105 }),
    ).toMatchObject({ target: 105, reward_to_risk: 5 });
  });

  it('does not exist at or below zero', () => {
    expect(
      planTrade({ level: 1, structure_stop: 0, average_range: 0.6, measured_target: 2 }),
    ).toBeNull();
  });

  it('lies below the entry and the target above, whatever the numbers', () => {
    const dollars = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        dollars,
        dollars,
        dollars,
        dollars,
        (level, structure_stop, average_range, measured_target) => {
          const plan = planTrade({ level, structure_stop, average_range, measured_target });
          if (plan === null) return;
          expect(plan.stop).toBeGreaterThan(0);
          expect(plan.stop).toBeLessThan(plan.entry);
          expect(plan.target).toBeGreaterThan(plan.entry);
          expect(plan.reward_to_risk).toBeGreaterThanOrEqual(2 - 1e-6);
        },
      ),
    );
  });
});
