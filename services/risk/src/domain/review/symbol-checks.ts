import { refuse, secondsBetween, type Check } from './check.ts';

const checkNotHeld: Check = ({ symbol }, { commitments }) =>
  commitments.some((held) => held.symbol === symbol)
    ? refuse('ALREADY_HELD', `${symbol} is held or has an entry pending`, 0, 1)
    : null;

const checkRepetition: Check = ({ symbol }, { now, last_approved_at }, limits) => {
  if (last_approved_at === null) return null;
  const { duplicate_window_seconds } = limits;
  const age = secondsBetween(last_approved_at, now);
  if (age >= duplicate_window_seconds) return null;
  return refuse(
    'DUPLICATE_INTENT',
    `${symbol} was approved less than ${duplicate_window_seconds} s ago`,
    duplicate_window_seconds,
    age,
  );
};

const checkPositionCount: Check = (_intent, { commitments: { length } }, { max_positions }) =>
  length >= max_positions
    ? refuse(
        'MAX_POSITIONS',
        `${length} positions and pending entries, at most ${max_positions}`,
        max_positions,
        length,
      )
    : null;

const checkShort: Check = ({ symbol, direction }, { is_shortable }, { allow_short }) =>
  direction === 'short' && !(allow_short && is_shortable)
    ? refuse(
        'SHORT_NOT_ALLOWED',
        allow_short ? `${symbol} cannot be borrowed` : 'short selling is off (allow_short)',
        'true',
        'false',
      )
    : null;

const checkLossStreak: Check = ({ symbol }, { consecutive_losses }, limits) =>
  consecutive_losses >= limits.max_consecutive_losses_per_symbol
    ? refuse(
        'LOSS_STREAK',
        `${symbol} lost ${consecutive_losses} times in a row today`,
        limits.max_consecutive_losses_per_symbol,
        consecutive_losses,
      )
    : null;

/** Whether the desk may enter this symbol now, beside what it holds. */
export const SYMBOL_CHECKS: readonly Check[] = [
  checkNotHeld,
  checkRepetition,
  checkPositionCount,
  checkShort,
  checkLossStreak,
];
