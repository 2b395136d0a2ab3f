import { toTimeId, type Instant, type TimeId } from '@catalyst/domain';
import { describeSilence } from './describe-silence.ts';

/** A stream that was not heard for so long says nothing of now. */
const HEARD_WITHIN_MS = 60_000;

/** What is known of a stock's trading, and from whom. */
export interface TradingKnown {
  /** Why it is taken for halted; null where it trades, as far as is known. */
  halted: string | null;
  /** `exchange`: its own word since it is listened to; `bars`: what trades there were. */
  told_by: 'exchange' | 'bars';
}

export interface ToldStatus {
  is_halted: boolean;
  reason: string;
  told_at: Instant;
}

/**
 * Whether a stock trades. The exchange's word counts while it is listened to. Of what it told before
 * a break a halt stands until a trade was seen after it; that a stock traded then says nothing of
 * now, and the bars are asked.
 */
export const findHalt = (
  told: ToldStatus | null,
  listening: { since: Instant; heard_at: Instant } | null,
  minutes: readonly TimeId[],
  now: Instant,
): TradingKnown => {
  const isListening =
    listening !== null && Date.parse(now) - Date.parse(listening.heard_at) <= HEARD_WITHIN_MS;
  if (told !== null && isListening && told.told_at >= listening.since)
    return { halted: told.is_halted ? told.reason : null, told_by: 'exchange' };
  const last = minutes.at(-1);
  const wasSeen = last !== undefined && told !== null && last > toTimeId(told.told_at);
  if (told?.is_halted && !wasSeen)
    return {
      halted: `${told.reason} (told at ${told.told_at}, and no trade since)`,
      told_by: 'exchange',
    };
  return { halted: describeSilence(minutes, toTimeId(now)), told_by: 'bars' };
};
