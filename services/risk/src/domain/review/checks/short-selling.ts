import type { Check } from '../check.ts';

export const shortSelling: Check = {
  name: 'short_selling',
  code: 'SHORT_NOT_ALLOWED',
  refuses: 'a short where `allow_short` is off, or a share that cannot be borrowed',
  find: ({ symbol, direction }, { is_shortable }, { allow_short }) => ({
    read: { direction, is_shortable: String(is_shortable), allow_short: String(allow_short) },
    limit: 'true',
    value: String(allow_short && is_shortable),
    fault:
      direction === 'short' && !(allow_short && is_shortable)
        ? allow_short
          ? `${symbol} cannot be borrowed`
          : 'short selling is off (allow_short)'
        : null,
  }),
};
