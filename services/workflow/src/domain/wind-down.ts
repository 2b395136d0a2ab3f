/** What the desk still holds at the broker while the day is being closed. */
export interface Holdings {
  open_positions: number;
  open_orders: number;
}

export type WindDownStep = 'close_again' | 'reconcile' | 'give_up';

/**
 * Flat: no position and no order left. Past the deadline the desk stops trying and tells a person.
 */
export const nextWindDownStep = (
  { open_positions, open_orders }: Holdings,
  isPastDeadline: boolean,
): WindDownStep => {
  if (open_positions === 0 && open_orders === 0) return 'reconcile';
  return isPastDeadline ? 'give_up' : 'close_again';
};

/** Minutes that a flat desk goes on reconciling before it reports with the differences listed. */
export const RECONCILE_MINUTES = 10;
/** Minutes that a report is tried before the cycle fails. */
export const REPORT_MINUTES = 10;
