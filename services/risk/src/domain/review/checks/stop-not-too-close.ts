import { percent, type Check, type Finding } from '../check.ts';
import { stopDistance } from './stop-distance.ts';

export const stopNotTooClose: Check = {
  name: 'stop_not_too_close',
  code: 'STOP_TOO_CLOSE',
  refuses: 'a stop nearer than `min_stop_distance_ratio`: noise would hit it',
  find: (intent, _facts, { min_stop_distance_ratio: limit }): Finding => {
    const value = stopDistance(intent);
    return {
      read: { entry_price: intent.entry_price, stop_price: intent.stop_price },
      limit,
      value,
      fault:
        value >= limit
          ? null
          : `the stop is ${percent(value)} from the entry, at least ${percent(limit)}`,
    };
  },
};
