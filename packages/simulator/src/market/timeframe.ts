/** A bar's length in minutes, or a whole session. */
export type Timeframe = { unit: 'minute'; minutes: number } | { unit: 'day' };

/** Reads Alpaca's timeframes: 1-59 Min or T, 1-23 Hour or H, 1 Day or D; null for anything else (weeks and months are not served). */
export const parseTimeframe = (text: string): Timeframe | null => {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D)$/.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  const unit = match[2] as string;
  if (unit === 'Day' || unit === 'D') return count === 1 ? { unit: 'day' } : null;
  const isHour = unit === 'Hour' || unit === 'H';
  if (count < 1 || count > (isHour ? 23 : 59)) return null;
  return { unit: 'minute', minutes: isHour ? count * 60 : count };
};
