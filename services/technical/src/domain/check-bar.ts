import type { Bar } from '@catalyst/domain';

export const barFaults = [
  'time_id_invalid',
  'price_not_finite',
  'price_not_positive',
  'low_above_body',
  'high_below_body',
  'volume_invalid',
] as const;
export type BarFault = (typeof barFaults)[number];

/** A bar that may be stored, or why not, with the numbers. */
export type BarCheck = { ok: true; bar: Bar } | { ok: false; fault: BarFault; reason: string };

/** Refuses a bar whose numbers cannot be a trade history: corrupt data is worse than no data. */
export const checkBar = (bar: Bar): BarCheck => {
  const refuse = (fault: BarFault, reason: string): BarCheck => ({ ok: false, fault, reason });
  if (!Number.isSafeInteger(bar.time_id))
    return refuse('time_id_invalid', `time_id must be a whole minute, was ${bar.time_id}`);
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    if (!Number.isFinite(bar[name]))
      return refuse('price_not_finite', `${name} must be a finite number, was ${bar[name]}`);
    if (bar[name] <= 0)
      return refuse('price_not_positive', `${name} must be above 0, was ${bar[name]}`);
  }
  const bottom = Math.min(bar.open, bar.close);
  const top = Math.max(bar.open, bar.close);
  if (bar.low > bottom)
    return refuse('low_above_body', `low must be at most ${bottom}, was ${bar.low}`);
  if (bar.high < top)
    return refuse('high_below_body', `high must be at least ${top}, was ${bar.high}`);
  if (!Number.isSafeInteger(bar.volume) || bar.volume < 0)
    return refuse(
      'volume_invalid',
      `volume must be a whole number of at least 0, was ${bar.volume}`,
    );
  return { ok: true, bar };
};
