import type { Check } from '../check.ts';

export const reconciled: Check = {
  name: 'reconciled',
  code: 'NOT_RECONCILED',
  refuses: "a book that differs from the broker's, or was never held against it",
  find: (_intent, { reconciliation }) => ({
    read: { checked_at: reconciliation?.checked_at ?? null },
    limit: 'reconciled',
    value: reconciliation?.reconciled ? 'reconciled' : 'differences',
    fault: reconciliation?.reconciled
      ? null
      : reconciliation
        ? 'orders and positions are not reconciled with the broker'
        : 'orders and positions were never reconciled with the broker',
  }),
};
