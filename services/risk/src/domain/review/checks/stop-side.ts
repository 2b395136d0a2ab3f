import type { Check } from '../check.ts';
import { isBeyond } from './is-beyond.ts';

export const stopSide: Check = {
  name: 'stop_side',
  code: 'STOP_MISSING_OR_WRONG_SIDE',
  refuses: 'a stop or a target on the wrong side of the entry',
  find: ({ direction, entry_price, stop_price, target_price, scale_out = [] }) => ({
    read: { entry_price, stop_price, target_price },
    limit: direction,
    value: `${stop_price}/${entry_price}/${target_price}`,
    fault:
      isBeyond(direction, entry_price, stop_price) &&
      [...scale_out, target_price].every((target) => isBeyond(direction, target, entry_price))
        ? null
        : `a ${direction} needs its stop (${stop_price}) and target (${target_price}) on the right sides of the entry (${entry_price})`,
  }),
};
