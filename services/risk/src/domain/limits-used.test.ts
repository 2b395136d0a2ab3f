import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { riskParameters } from '@catalyst/contracts';
import { parse } from 'yaml';
import { drawdownOf, isConfirmed, longestStreak } from './confirmed.ts';
import { limitsUsed, type Watched } from './limits-used.ts';

const shipped = riskParameters.parse(
  parse(readFileSync(join(import.meta.dirname, '../../../../config/risk_parameters.yaml'), 'utf8')),
);
const quiet: Watched = {
  equity_usd: '100000',
  result_usd: '0.00',
  drawdown_usd: '0.00',
  commitments: [],
  closest: null,
  streak: null,
};
const useOf = (limit: string, watched: Partial<Watched>, limits = shipped) =>
  limitsUsed({ ...quiet, ...watched }, limits).find((use) => use.limit === limit);
const held = (symbol: string, notional_usd: string, sector: string | null = 'Energy') => ({
  symbol,
  notional_usd,
  sector,
});

describe('the use of a limit', () => {
  it('is nothing on a quiet morning', () => {
    expect(limitsUsed(quiet, shipped).map(({ used_ratio }) => used_ratio)).toEqual(
      Array(7).fill(0),
    );
  });

  it.each([
    ['daily_loss_limit_usd', { result_usd: '-1500.00' }, 0.75, null],
    ['max_positions', { commitments: [held('A', '1'), held('B', '1'), held('C', '1')] }, 0.6, null],
    ['max_gross_ratio', { commitments: [held('A', '30000'), held('B', '50000')] }, 0.8, null],
    ['max_position_ratio', { commitments: [held('A', '5000'), held('B', '15000')] }, 0.75, 'B'],
    [
      'max_sector_ratio',
      { commitments: [held('A', '15000', null), held('B', '30000', null), held('C', '20000')] },
      0.75,
      'unknown',
    ],
    [
      'max_correlation',
      { closest: { symbols: ['A', 'B'] as const, correlation: 0.56 } },
      0.8,
      'A and B',
    ],
    ['max_consecutive_losses_per_symbol', { streak: { symbol: 'A', losses: 1 } }, 0.5, 'A'],
  ] as [string, Partial<Watched>, number, string | null][])(
    'is told of %s',
    (limit, watched, used, of) => {
      const use = useOf(limit, watched)!;
      expect(use.used_ratio).toBeCloseTo(used, 12);
      expect(use.of).toBe(of);
    },
  );

  it('is told of the drawdown only where it is set', () => {
    expect(useOf('max_drawdown_usd', { drawdown_usd: '800.00' })).toBeUndefined();
    expect(
      useOf('max_drawdown_usd', { drawdown_usd: '800.00' }, { ...shipped, max_drawdown_usd: 1000 }),
    ).toMatchObject({ used_ratio: 0.8 });
  });

  it('stands with the most first, and is whole where there is no equity to hold it against', () => {
    const uses = limitsUsed({ ...quiet, equity_usd: '0', commitments: [held('A', '1')] }, shipped);
    expect(uses[0]!.used_ratio).toBe(1);
  });
});

describe('what a watch reads', () => {
  const at = (seconds: number, equity_usd: string) => ({
    read_at: new Date(Date.UTC(2026, 2, 10, 15, 0, seconds)).toISOString(),
    equity_usd,
  });
  const isLow = (equity: string): boolean => Number(equity) < 98_000;

  it('is confirmed by three reads in a row over ten seconds, and by nothing less', () => {
    expect(isConfirmed([at(10, '97000'), at(5, '97000'), at(0, '97000')], isLow)).toBe(true);
    expect(isConfirmed([at(10, '97000'), at(5, '99000'), at(0, '97000')], isLow)).toBe(false);
    expect(isConfirmed([at(10, '97000'), at(5, '97000')], isLow)).toBe(false);
    expect(isConfirmed([at(2, '97000'), at(1, '97000'), at(0, '97000')], isLow)).toBe(false);
    expect(isConfirmed([at(100, '97000'), at(5, '97000'), at(0, '97000')], isLow)).toBe(false);
  });

  it('counts losses of a symbol in a row, from its last trade back', () => {
    const result = (symbol: string, usd: string) => ({ symbol, usd });
    expect(
      longestStreak([
        result('A', '-1'),
        result('B', '5'),
        result('A', '-2'),
        result('B', '-9'),
        result('B', '-9'),
        result('A', '3'),
        result('A', '-7'),
      ]),
    ).toEqual({ symbol: 'A', losses: 2 });
    expect(longestStreak([])).toBeNull();
  });

  it('is no drawdown at a new highest', () => {
    expect(drawdownOf('101000', '100500')).toBe('0.00');
    expect(drawdownOf('99000.5', '100500')).toBe('1499.50');
    expect(drawdownOf('99000', null)).toBe('0.00');
  });
});
