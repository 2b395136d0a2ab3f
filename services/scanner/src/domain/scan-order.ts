import { funnelStages, type FunnelStage } from '@catalyst/contracts';

const furthestFirst: readonly FunnelStage[] = [...funnelStages].reverse();

interface Placed {
  rank: number | null;
  stage: FunnelStage;
  symbol: string;
}

/** The selected by rank, then the rest, those that came furthest first, by symbol. */
export const byRankAndStage = (left: Placed, right: Placed): number =>
  (left.rank ?? Infinity) - (right.rank ?? Infinity) ||
  furthestFirst.indexOf(left.stage) - furthestFirst.indexOf(right.stage) ||
  (left.symbol < right.symbol ? -1 : 1);
