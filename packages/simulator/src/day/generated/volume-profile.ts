import { significant, type Random } from './random.ts';

/**
 * The mean of 20 sessions around a curve: whole shares by minute to three digits, noisier where
 * fewer trades make the mean. Sums to `meanVolume` but for rounding.
 */
export const volumeProfile = (
  curve: readonly number[],
  meanVolume: number,
  random: Random,
): number[] => {
  const noisy = curve.map((share) => {
    if (share === 0) return 0;
    const spread = 0.07 + Math.min(0.35, 0.05 / Math.sqrt(share * 1000));
    return share * Math.max(0.1, 1 + spread * random.bell());
  });
  const sum = noisy.reduce((whole, share) => whole + share, 0);
  return noisy.map((share) => significant((share / sum) * meanVolume, 3));
};
