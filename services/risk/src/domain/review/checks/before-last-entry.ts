import type { Check } from '../check.ts';

export const beforeLastEntry: Check = {
  name: 'before_last_entry',
  code: 'AFTER_LAST_ENTRY',
  refuses: "an entry in the session's last hour, or after it",
  find: (_intent, { now, last_entry_at }) => ({
    read: { last_entry_at, now },
    limit: last_entry_at ?? 'none',
    value: now,
    fault:
      last_entry_at !== null && Date.parse(now) > Date.parse(last_entry_at)
        ? `no new entries after ${last_entry_at}`
        : null,
  }),
};
