import type { Check } from '../check.ts';

export const lossStreak: Check = {
  name: 'loss_streak',
  code: 'LOSS_STREAK',
  refuses: 'a symbol that lost `max_consecutive_losses_per_symbol` times in a row today',
  find: (
    { symbol },
    { consecutive_losses: value },
    { max_consecutive_losses_per_symbol: limit },
  ) => ({
    read: { consecutive_losses: value },
    limit,
    value,
    fault: value >= limit ? `${symbol} lost ${value} times in a row today` : null,
  }),
};
