import type { Check } from '../check.ts';

export const tradable: Check = {
  name: 'tradable',
  code: 'NOT_TRADABLE',
  refuses: 'a symbol that the broker does not trade',
  find: ({ symbol }, { is_tradable }) => ({
    read: { is_tradable: String(is_tradable) },
    limit: 'tradable',
    value: is_tradable ? 'tradable' : 'not tradable',
    fault: is_tradable ? null : `the broker does not trade ${symbol}`,
  }),
};
