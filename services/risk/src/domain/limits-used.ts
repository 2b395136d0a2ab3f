import type { LimitUse, RiskParameters } from '@catalyst/contracts';
import { Exact, toCents, type DecimalString } from '@catalyst/domain';
import { dailyLossUsedRatio } from './review/daily-loss.ts';
import type { Commitment } from './review/risk-facts.ts';

export interface Watched {
  equity_usd: DecimalString;
  /** The day's result, transfers out. */
  result_usd: DecimalString;
  /** Dollars below the day's highest equity. */
  drawdown_usd: DecimalString;
  commitments: readonly Pick<Commitment, 'symbol' | 'sector' | 'notional_usd'>[];
  /** The two held symbols that move together most; null with fewer than two of known history. */
  closest: { symbols: readonly [string, string]; correlation: number } | null;
  /** The symbol that lost most often in a row today; null where none did. */
  streak: { symbol: string; losses: number } | null;
}

const largest = (sums: ReadonlyMap<string, Exact>): [string | null, Exact] =>
  [...sums].reduce<[string | null, Exact]>(
    (most, [name, sum]) => (sum.gt(most[1]) ? [name, sum] : most),
    [null, new Exact(0)],
  );
const sumBy = (
  commitments: Watched['commitments'],
  nameOf: (one: Watched['commitments'][number]) => string,
): Map<string, Exact> => {
  const sums = new Map<string, Exact>();
  for (const one of commitments)
    sums.set(nameOf(one), (sums.get(nameOf(one)) ?? new Exact(0)).plus(one.notional_usd));
  return sums;
};

/** How much of each limit is used, the most first. */
export const limitsUsed = (
  { equity_usd, result_usd, drawdown_usd, commitments, closest, streak }: Watched,
  limits: RiskParameters,
): LimitUse[] => {
  const shareOf = (usd: Exact, ratio: number): number => {
    const most = new Exact(equity_usd).times(ratio);
    return most.gt(0) ? usd.div(most).toNumber() : usd.gt(0) ? 1 : 0;
  };
  const total = commitments.reduce((sum, one) => sum.plus(one.notional_usd), new Exact(0));
  const [symbol, position] = largest(sumBy(commitments, (one) => one.symbol));
  const [sector, inSector] = largest(sumBy(commitments, (one) => one.sector ?? 'unknown'));
  const { daily_loss_limit_usd, max_drawdown_usd, max_positions, max_correlation } = limits;
  const most_losses = limits.max_consecutive_losses_per_symbol;
  const uses: LimitUse[] = [
    {
      limit: 'daily_loss_limit_usd',
      used_ratio: dailyLossUsedRatio(result_usd, daily_loss_limit_usd),
      value: result_usd,
      of: null,
    },
    ...(max_drawdown_usd === undefined
      ? []
      : [
          {
            limit: 'max_drawdown_usd' as const,
            used_ratio: new Exact(drawdown_usd).div(max_drawdown_usd).toNumber(),
            value: drawdown_usd,
            of: null,
          },
        ]),
    {
      limit: 'max_positions',
      used_ratio: commitments.length / max_positions,
      value: String(commitments.length),
      of: null,
    },
    {
      limit: 'max_gross_ratio',
      used_ratio: shareOf(total, limits.max_gross_ratio),
      value: toCents(total),
      of: null,
    },
    {
      limit: 'max_position_ratio',
      used_ratio: shareOf(position, limits.max_position_ratio),
      value: toCents(position),
      of: symbol,
    },
    {
      limit: 'max_sector_ratio',
      used_ratio: shareOf(inSector, limits.max_sector_ratio),
      value: toCents(inSector),
      of: sector,
    },
    {
      limit: 'max_correlation',
      used_ratio: Math.max(0, closest?.correlation ?? 0) / max_correlation,
      value: closest?.correlation.toFixed(4) ?? 'none',
      of: closest?.symbols.join(' and ') ?? null,
    },
    {
      limit: 'max_consecutive_losses_per_symbol',
      used_ratio: (streak?.losses ?? 0) / most_losses,
      value: String(streak?.losses ?? 0),
      of: streak?.symbol ?? null,
    },
  ];
  return uses.sort((a, b) => b.used_ratio - a.used_ratio || (a.limit < b.limit ? -1 : 1));
};

/** The limits at which all that is held is sold; every other one refuses entries. */
export const SELLING: ReadonlySet<LimitUse['limit']> = new Set([
  'daily_loss_limit_usd',
  'max_drawdown_usd',
]);
