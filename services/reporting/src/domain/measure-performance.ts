import { add, subtract, toCents, type DayFees } from '@catalyst/domain';
import { averageHold } from './metrics/average-hold.ts';
import { averageLoss, averageWin } from './metrics/average-result.ts';
import { byPattern } from './metrics/by-pattern.ts';
import { expectancyR } from './metrics/expectancy.ts';
import { largestLoss, largestWin } from './metrics/largest-result.ts';
import { maxDrawdown, type AccountReading } from './metrics/max-drawdown.ts';
import type { MeasuredTrade } from './metrics/metric.ts';
import { isLoss, isWin } from './metrics/outcome.ts';
import { profitFactor } from './metrics/profit-factor.ts';
import { returnRatio } from './metrics/return-ratio.ts';
import { sharpeRatio } from './metrics/sharpe-ratio.ts';
import type { TradingDay } from './metrics/trading-day.ts';
import { winRate } from './metrics/win-rate.ts';
import type { Period } from './period.ts';

export interface PeriodFacts {
  period: Period;
  from: string;
  to: string;
  trades: readonly MeasuredTrade[];
  /** The days that the desk worked, oldest first. */
  days: readonly TradingDay[];
  /** Oldest first. */
  readings: readonly AccountReading[];
  /** What the trades of each of its dates cost. */
  fees: readonly DayFees[];
}

const periodFees = (gross: string, fees: readonly DayFees[]) => {
  const fees_usd = toCents(add(...fees.map((day) => day.fees_usd)));
  return {
    fees_usd,
    is_estimated: fees.some((day) => day.is_estimated),
    net_pnl_usd: toCents(subtract(gross, fees_usd)),
  };
};

/** Every metric of a period. */
export const measurePerformance = ({
  period,
  from,
  to,
  trades,
  days,
  readings,
  fees,
}: PeriodFacts) => ({
  period,
  from,
  to,
  trades: trades.length,
  wins: trades.filter(isWin).length,
  losses: trades.filter(isLoss).length,
  realized_pnl_usd: toCents(add(...trades.map((trade) => trade.realized_pnl_usd))),
  fees: periodFees(add(...trades.map((trade) => trade.realized_pnl_usd)), fees),
  return_ratio: returnRatio(days),
  win_rate: winRate(trades),
  profit_factor: profitFactor(trades),
  average_win_usd: averageWin(trades),
  average_loss_usd: averageLoss(trades),
  largest_win_usd: largestWin(trades),
  largest_loss_usd: largestLoss(trades),
  expectancy_r: expectancyR(trades),
  average_hold_minutes: averageHold(trades),
  sharpe_ratio: sharpeRatio(days),
  max_drawdown_usd: maxDrawdown(readings),
  by_pattern: byPattern(trades),
});
