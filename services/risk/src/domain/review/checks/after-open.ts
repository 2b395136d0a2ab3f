import type { Check } from '../check.ts';

export const afterOpen: Check = {
  name: 'after_open',
  code: 'BEFORE_OPEN',
  refuses: 'an entry before the exchange opens',
  find: (_intent, { now, open_at }) => ({
    read: { open_at, now },
    limit: open_at ?? 'none',
    value: now,
    fault:
      open_at !== null && Date.parse(now) < Date.parse(open_at)
        ? `the exchange opens at ${open_at}; nothing is entered before`
        : null,
  }),
};
