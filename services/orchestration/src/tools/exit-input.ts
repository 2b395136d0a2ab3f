import { ownExitOf, toDecimalString, type OwnExit } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';

/** A price, or shares; money as text is read as a number before it comes here. */
export const amountInput = z
  .number()
  .positive()
  .transform((value) => toDecimalString(value));

/** The prices of an exit that waits at the broker, for whoever previews or asks for one. */
export const exitPrices = {
  limit_price: amountInput.optional().describe('Leave at this price or better'),
  stop_price: amountInput
    .optional()
    .describe('With one of the limits: where the stop is then, never farther away'),
  stop_limit_price: amountInput
    .optional()
    .describe('The least that the stop at stop_price sells for'),
  trail_percent: amountInput.optional().describe('A stop that trails the price'),
  trail_price: amountInput.optional().describe('The same, by dollars'),
};
type Prices = { [name in keyof typeof exitPrices]?: string | undefined };

/**
 * The exit that the prices ask for; null for none, which is at market.
 * @throws AppError INVALID_REQUEST for prices that do not go together
 */
export const readExit = (prices: Prices): OwnExit | null => {
  const asked = ownExitOf(prices);
  if (asked?.kind === 'contradiction') throw new AppError('INVALID_REQUEST', asked.why);
  if (asked?.kind === 'stop')
    throw new AppError(
      'INVALID_REQUEST',
      'a stop alone is moved by move_stop; here stop_price goes with limit_price, or with stop_limit_price',
    );
  return asked;
};
