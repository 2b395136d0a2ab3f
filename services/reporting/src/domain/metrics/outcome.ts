import { compare } from '@catalyst/domain';
import type { MeasuredTrade } from './metric.ts';

/**
 * A trade that ended at exactly zero is neither won nor lost: it counts as a trade and in no ratio
 * of wins to losses.
 */
export const isWin = (trade: MeasuredTrade): boolean => compare(trade.realized_pnl_usd, 0) > 0;
export const isLoss = (trade: MeasuredTrade): boolean => compare(trade.realized_pnl_usd, 0) < 0;
