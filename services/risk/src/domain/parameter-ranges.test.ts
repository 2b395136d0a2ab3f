import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { riskParameters } from '@catalyst/contracts';
import { parse } from 'yaml';
import { checkParameters, PARAMETER_RANGES, tooLargeForAccount } from './parameter-ranges.ts';

const cents = fc.integer({ min: 0, max: 20_000_000 });
const usd = (amount: number): string =>
  `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
const shipped = riskParameters.parse(
  parse(readFileSync(join(import.meta.dirname, '../../../../config/risk_parameters.yaml'), 'utf8')),
);

describe('the range of a limit', () => {
  it('holds what is shipped, and each has one, but for the switch', () => {
    expect(checkParameters(shipped).faults).toEqual([]);
    expect([...Object.keys(PARAMETER_RANGES), 'allow_short'].sort()).toEqual(
      Object.keys(riskParameters.shape).sort(),
    );
  });

  it.each(Object.entries(PARAMETER_RANGES))('of %s is closed on both sides', (name, range) => {
    const isWhole = ['max_positions', 'max_consecutive_losses_per_symbol'].includes(name);
    const beyond = isWhole ? 1 : range.min / 100;
    for (const value of [range.min - beyond, range.max + beyond])
      expect(checkParameters({ ...shipped, [name]: value }).faults.join()).toContain(name);
  });

  it('of dollars is bounded by the account too, to the cent', () => {
    const of = (daily_loss_limit_usd: number, equity: string | null, before = '0') =>
      tooLargeForAccount(
        { ...shipped, daily_loss_limit_usd },
        equity === null ? null : { equity_usd: equity, last_equity_usd: before },
      ).map(({ fault }) => fault);
    expect(of(2_000, '20000')).toEqual([]);
    expect(of(2_000.01, '20000')).toEqual([
      'daily_loss_limit_usd: at most 10 % of the equity of $20000.00, which is $2000.00, was 2000.01',
    ]);
    expect(of(10_000, null)).toEqual([]);
    // nor does today's loss lower what it is held against
    expect(of(2_000, '18500', '20000')).toEqual([]);
  });

  it('of dollars is lowered to what the account bears, and never below its floor', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), cents, cents, (limit, now, before) => {
        const [equity_usd, last_equity_usd] = [usd(now), usd(before)];
        const found = tooLargeForAccount(
          { ...shipped, daily_loss_limit_usd: limit },
          { equity_usd, last_equity_usd },
        );
        const bears = Math.max(1, Math.floor(Math.max(now, before) / 10) / 100);
        expect(found.map(({ name, most }) => [name, most])).toEqual(
          bears < limit ? [['daily_loss_limit_usd', bears]] : [],
        );
      }),
    );
  });
});
