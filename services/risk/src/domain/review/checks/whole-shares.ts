import { Exact } from '@catalyst/domain';
import type { Check } from '../check.ts';

export const wholeShares: Check = {
  name: 'whole_shares',
  code: 'FRACTIONAL_SHARES',
  refuses: 'a quantity that is no whole number: an order with a stop and a target takes none',
  find: ({ qty }) => ({
    read: { qty },
    limit: 'whole shares',
    value: qty ?? 'any',
    fault:
      qty !== null && !new Exact(qty).isInteger()
        ? `${qty} is no whole number of shares, and an order with a stop and a target takes no fraction`
        : null,
  }),
};
