import { Exact, priceDecimals } from '@catalyst/domain';
import type { Check, Finding } from '../check.ts';

export const stopSupported: Check = {
  name: 'stop_supported',
  code: 'STOP_NOT_SUPPORTED',
  refuses:
    'a stop farther than `max_stop_true_ranges` mean daily true ranges that no chart pattern of today places under a support either',
  find: (
    { entry_price, stop_price },
    { true_range, pattern_stops },
    { max_stop_true_ranges: limit },
  ): Finding => {
    const distance = new Exact(entry_price).minus(stop_price).abs();
    const ranges = true_range === null ? null : distance.div(true_range).toNumber();
    // a pattern's stop is a number; the order's is on its tick
    const tick = new Exact(10).pow(-priceDecimals(stop_price));
    const support = pattern_stops.find((one) => new Exact(one).minus(stop_price).abs().lte(tick));
    const isSupported = support !== undefined || (ranges !== null && ranges <= limit);
    return {
      read: { true_range, support: support ?? null },
      limit,
      value: ranges ?? 'unknown',
      fault: isSupported
        ? null
        : ranges === null
          ? 'neither the mean daily true range is known (14 days) nor does a chart pattern of today place the stop'
          : `the stop is ${ranges.toFixed(2)} mean daily true ranges from the entry, at most ${limit}, and no chart pattern of today places it there`,
    };
  },
};
