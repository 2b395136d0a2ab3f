/** Closed trades that the desk needs before it believes its own edge. */
export const KELLY_MIN_TRADES = 30;
const KELLY_FRACTION = 0.25;

/**
 * Share of equity to risk on a trade. With fewer than 30 closed trades the fixed `base`; then a
 * quarter of Kelly's f = W - (1 - W) / R (Kelly 1956; W win rate, R average win / average loss, in
 * R multiples), kept between a quarter of `base` and `base`, so that a good streak never raises the
 * stake and a bad one does not end the learning.
 */
export const riskRatio = (
  rMultiples: readonly number[],
  base: number,
): { ratio: number; method: 'fixed_fraction' | 'quarter_kelly' } => {
  if (rMultiples.length < KELLY_MIN_TRADES) return { ratio: base, method: 'fixed_fraction' };
  const wins = rMultiples.filter((value) => value > 0);
  const losses = rMultiples.filter((value) => value <= 0);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const winRate = wins.length / rMultiples.length;
  const averageLoss = losses.length > 0 ? -mean(losses) : 0;
  const kelly =
    wins.length === 0
      ? 0
      : averageLoss > 0
        ? winRate - (1 - winRate) / (mean(wins) / averageLoss)
        : winRate;
  return {
    ratio: Math.min(base, Math.max(base * KELLY_FRACTION, kelly * KELLY_FRACTION)),
    method: 'quarter_kelly',
  };
};
