import type { LimitInPart } from '@catalyst/contracts';
import { MIN_RETURN_PAIRS } from './correlation.ts';

/** What is held, and what the desk knows of it. */
interface Held {
  sector: string | null;
  /** Whether there are daily returns enough to correlate it. */
  has_history: boolean;
}

/**
 * Limits that cannot be evaluated now, or not for all that is held; empty when each is in force in
 * full. What they do meanwhile stands in the reason.
 */
export const limitsInPart = (held: readonly Held[], isAccountKnown: boolean): LimitInPart[] => {
  const some = (count: number): string => `${count} of ${held.length} held symbols`;
  const withoutSector = held.filter(({ sector }) => sector === null).length;
  const withoutHistory = held.filter(({ has_history }) => !has_history).length;
  return [
    ...(isAccountKnown
      ? []
      : [
          {
            limit: 'daily_loss_limit_usd' as const,
            reason: 'the account has not been read from the broker yet; nothing is entered',
          },
        ]),
    ...(withoutSector === 0
      ? []
      : [
          {
            limit: 'max_sector_ratio' as const,
            reason: `${some(withoutSector)} have no known sector; they count as one sector`,
          },
        ]),
    ...(withoutHistory === 0
      ? []
      : [
          {
            limit: 'max_correlation' as const,
            reason: `${some(withoutHistory)} have fewer than ${MIN_RETURN_PAIRS} daily returns; entries are not held against them`,
          },
        ]),
  ];
};

export const describeLimitInPart = ({ limit, reason }: LimitInPart): string =>
  `${limit} is not checked in full: ${reason}`;
