import { describe, expect, it } from '@jest/globals';
import type { RiskParameters } from '@catalyst/contracts';
import { loosens } from './loosens.ts';

describe('a limit', () => {
  it.each<[keyof RiskParameters, number | boolean, number | boolean]>([
    ['daily_loss_limit_usd', 2000, 2000.01],
    ['max_positions', 5, 6],
    ['min_reward_to_risk', 1.5, 1.49],
    ['min_stop_distance_ratio', 0.002, 0.001],
    ['duplicate_window_seconds', 30, 29],
    ['warning_ratio', 0.75, 0.8],
    ['allow_short', false, true],
  ])(
    '%s is looser at %s -> %s, tighter the other way, neither where it stays',
    (name, from, to) => {
      expect([loosens(name, from, to), loosens(name, to, from), loosens(name, from, from)]).toEqual(
        [true, false, false],
      );
    },
  );
});
