import { isOnTick } from '@catalyst/domain';
import type { Check, Finding } from '../check.ts';

export const priceTicks: Check = {
  name: 'price_ticks',
  code: 'PRICE_OFF_TICK',
  refuses: 'a price with more decimals than the exchange takes',
  find: ({ limit_price, stop_price, target_price, scale_out = [] }): Finding => {
    const off = [limit_price, stop_price, target_price, ...scale_out].find(
      (price) => price !== null && !isOnTick(price),
    );
    return {
      read: { limit_price, stop_price, target_price },
      limit: 'on tick',
      value: off ?? 'on tick',
      fault: off
        ? `${off} is not a price the exchange takes: two decimals from $1, four below`
        : null,
    };
  },
};
