export type Period = 'daily' | 'weekly' | 'monthly';

/**
 * The dates of a period that ends with `to`, both included: the day itself; seven days; or from the
 * day after the same day of the month before. A month before that is too short is cut to its end:
 * the month to 31 March begins on 1 March.
 */
export const periodDates = (period: Period, to: string): { from: string; to: string } => {
  const [year, month, day] = to.split('-').map(Number) as [number, number, number];
  const text = (time: number) => new Date(time).toISOString().slice(0, 10);
  if (period === 'daily') return { from: to, to };
  if (period === 'weekly') return { from: text(Date.UTC(year, month - 1, day - 6)), to };
  const daysOfMonthBefore = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
  return { from: text(Date.UTC(year, month - 2, Math.min(day, daysOfMonthBefore) + 1)), to };
};
