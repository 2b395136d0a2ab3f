/** A bar's length: minutes, a session, a week from Monday, or months counted from January. */
export type Timeframe =
  | { unit: 'minute'; minutes: number }
  | { unit: 'day' }
  | { unit: 'week' }
  | { unit: 'month'; months: number };

const MONTHS: readonly number[] = [1, 2, 3, 4, 6, 12];

/**
 * Reads Alpaca's timeframes: 1-59 Min or T, 1-23 Hour or H, 1 Day or D, 1 Week or W, 1, 2, 3, 4, 6
 * or 12 Month or M; null for anything else.
 */
export const parseTimeframe = (text: string): Timeframe | null => {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  switch (match[2]) {
    case 'Min':
    case 'T':
      return count >= 1 && count <= 59 ? { unit: 'minute', minutes: count } : null;
    case 'Hour':
    case 'H':
      return count >= 1 && count <= 23 ? { unit: 'minute', minutes: count * 60 } : null;
    case 'Day':
    case 'D':
      return count === 1 ? { unit: 'day' } : null;
    case 'Week':
    case 'W':
      return count === 1 ? { unit: 'week' } : null;
    default:
      return MONTHS.includes(count) ? { unit: 'month', months: count } : null;
  }
};

const DAY_MS = 86_400_000;

/**
 * The date on which the bar that holds `date` starts, a session or not: Monday for weeks, the first
 * of a month for months.
 */
export const bucketStart = (
  timeframe: Exclude<Timeframe, { unit: 'minute' }>,
  date: string,
): string => {
  if (timeframe.unit === 'day') return date;
  const midnight = new Date(`${date}T00:00:00Z`);
  if (timeframe.unit === 'week')
    return new Date(midnight.getTime() - ((midnight.getUTCDay() + 6) % 7) * DAY_MS)
      .toISOString()
      .slice(0, 10);
  const month = midnight.getUTCMonth();
  return `${date.slice(0, 4)}-${String(month - (month % timeframe.months) + 1).padStart(2, '0')}-01`;
};
