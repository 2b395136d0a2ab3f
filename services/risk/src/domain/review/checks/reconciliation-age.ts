import { faultOfAge, secondsBetween, type Check, type Finding } from '../check.ts';

export const reconciliationAge: Check = {
  name: 'reconciliation_age',
  code: 'RECONCILIATION_STALE',
  refuses:
    'a reconciliation that is older than `max_reconciliation_age_seconds`, or from the future',
  find: (_intent, { reconciliation, now }, { max_reconciliation_age_seconds: limit }): Finding => {
    if (!reconciliation)
      return { read: {}, limit, value: 'none', fault: null, unknown: 'there is no reconciliation' };
    const { checked_at } = reconciliation;
    const value = secondsBetween(checked_at, now);
    const fault = faultOfAge('the last reconciliation', value, limit);
    return { read: { checked_at, now }, limit, value, fault };
  },
};
