import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { riskParameters, type RiskParameters } from '@catalyst/contracts';
import { parse } from 'yaml';
import { findIdleLimits } from './dead-limits.ts';
import { checkParameters } from './parameter-ranges.ts';

const shipped = riskParameters.parse(
  parse(readFileSync(join(import.meta.dirname, '../../../../config/risk_parameters.yaml'), 'utf8')),
);

describe('limits that leave no trade', () => {
  const dead: [string, Partial<RiskParameters>, RegExp][] = [
    ['a daily loss of a dollar', { daily_loss_limit_usd: 1 }, /DAILY_LOSS_LIMIT, daily_loss_room/],
    [
      'a nearest stop beyond the mean daily ranges that are allowed',
      { min_stop_distance_ratio: 0.05, max_stop_true_ranges: 0.25 },
      /STOP_NOT_SUPPORTED/,
    ],
    [
      'a nearest stop that is no nearer than the farthest',
      { min_stop_distance_ratio: 0.05, max_stop_distance_ratio: 0.05 },
      /no stop would pass/,
    ],
    [
      'less of a sector than of a position',
      { max_sector_ratio: 0.1 },
      /no full position would pass/,
    ],
    ['less in all than in one', { max_gross_ratio: 0.1 }, /no full position would pass/],
  ];
  it.each(dead)('are refused: %s', (_, change, fault) => {
    const { parameters, faults } = checkParameters({ ...shipped, ...change });
    expect(parameters).toBeNull();
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['daily_loss_limit_usd', 10],
    ['min_reward_to_risk', 5],
    ['max_quote_age_seconds', 1],
    ['max_spread_ratio', 0.0005],
    ['max_volume_ratio', 0.0001],
    ['risk_per_trade_ratio', 0.0005],
    ['max_position_ratio', 0.01],
    ['max_stop_distance_ratio', 0.01],
    ['min_stop_distance_ratio', 0.05],
  ])('are not merely strict ones: %s %d', (name, value) => {
    expect(checkParameters({ ...shipped, [name]: value }).faults).toEqual([]);
  });
});

describe('limits of which one makes another idle', () => {
  it('are told: five places of half a per cent are more than a daily loss of 2 %', () => {
    expect(findIdleLimits(shipped, '100000')).toEqual([
      'max_positions 5 with risk_per_trade_ratio 0.005 may risk $2,500.00 of an equity of $100,000.00, more than the daily_loss_limit_usd of $2,000.00: its room may run out before the places do',
    ]);
    expect(findIdleLimits(shipped, '80000')).toEqual([]);
  });
});
