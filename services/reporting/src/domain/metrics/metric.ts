/** A number, or null with the reason why it cannot be stated. */
export interface Metric {
  value: number | null;
  note: string | null;
}

export const stated = (value: number): Metric => ({ value, note: null });
export const notStated = (note: string): Metric => ({ value: null, note });

/** What a metric reads of a closed trade. */
export interface MeasuredTrade {
  /** To the cent; negative is a loss. */
  realized_pnl_usd: string;
  r_multiple: number | null;
  hold_minutes: number;
  pattern: string | null;
}
