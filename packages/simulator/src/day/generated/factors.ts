import { gicsSectors, type GicsSector } from '@catalyst/domain';
import { createRandom } from './random.ts';

/**
 * Returns that stocks share, step by step: the market's and each sector's. Volatility comes in
 * clusters.
 */
export interface Factors {
  market: readonly number[];
  sector(name: GicsSector): readonly number[];
}

/**
 * Weights of a GARCH(1,1) process around a long-run variance of 1 (Bollerslev 1986): how much
 * yesterday's shock and yesterday's variance persist.
 */
const SHOCK_WEIGHT = 0.09;
const VARIANCE_WEIGHT = 0.85;

/** Shocks with mean 0, a long-run standard deviation of 1 and clustered size. */
export const clusteredShocks = (length: number, bell: () => number): number[] => {
  let variance = 1;
  return Array.from({ length }, () => {
    const shock = Math.sqrt(variance) * bell();
    variance =
      1 -
      SHOCK_WEIGHT -
      VARIANCE_WEIGHT +
      SHOCK_WEIGHT * shock * shock +
      VARIANCE_WEIGHT * variance;
    return shock;
  });
};

export interface FactorScale {
  /** Number of steps. */
  length: number;
  /** Standard deviation of the market's return in one step. */
  market_volatility: number;
  sector_volatility: number;
  /** Mean return of the market in one step. */
  market_drift: number;
}

export const createFactors = (seed: number, label: string, scale: FactorScale): Factors => {
  const series = (name: string, volatility: number, drift: number): number[] => {
    const random = createRandom(seed, `${label}:${name}`);
    return clusteredShocks(scale.length, random.bell).map((shock) => drift + volatility * shock);
  };
  const sectors = new Map(
    gicsSectors.map((name) => [name, series(name, scale.sector_volatility, 0)]),
  );
  return {
    market: series('market', scale.market_volatility, scale.market_drift),
    sector: (name) => sectors.get(name) ?? [],
  };
};
