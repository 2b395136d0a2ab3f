import type { Check } from '../check.ts';
import { isBeyond } from './is-beyond.ts';

export const limitBetweenLevels: Check = {
  name: 'limit_between_levels',
  code: 'LIMIT_BEYOND_LEVELS',
  refuses: 'a limit price that does not lie between stop and target',
  find: ({ direction, limit_price, stop_price, target_price, scale_out = [] }) => ({
    read: { limit_price, stop_price, target_price },
    limit: `${stop_price} to ${target_price}`,
    value: limit_price ?? 'market',
    fault:
      limit_price === null ||
      (isBeyond(direction, limit_price, stop_price) &&
        [...scale_out, target_price].every((target) => isBeyond(direction, target, limit_price)))
        ? null
        : `the limit ${limit_price} does not lie between the stop ${stop_price} and the target ${target_price}`,
  }),
};
