import { fromTimeId, inNewYork, type TimeId } from '@catalyst/domain';

/** Whole minutes without a trade after which a stock that always trades is taken for halted. */
const SILENT_MINUTES = 3;
/** The minutes before, and how many of them had a trade in a stock that always trades. */
const MINUTES_BEFORE = 30;
const LEAST_TRADED = 27;

/**
 * A halt as the bars show it: no trade for three minutes in a stock that traded in nine of ten
 * minutes before; null else, and for a stock whose minutes nobody watches. `minutes` are those with
 * a bar, ascending, before `now`.
 */
export const describeSilence = (minutes: readonly TimeId[], now: TimeId): string | null => {
  const last = minutes.at(-1);
  if (last === undefined || now - last - 1 < SILENT_MINUTES) return null;
  const traded = minutes.filter((minute) => minute > last - MINUTES_BEFORE).length;
  if (traded < LEAST_TRADED) return null;
  const { clock } = inNewYork(fromTimeId(last + 1));
  return `no trade since ${clock} New York, and in the half hour before it traded in ${traded} of ${MINUTES_BEFORE} minutes`;
};
