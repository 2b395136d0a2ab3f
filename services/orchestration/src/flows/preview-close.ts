import type { StandingPosition } from '@catalyst/contracts';
import {
  decimalString,
  multiply,
  ownExit,
  ownExitRequest,
  refusalOfOwnExit,
  side,
  symbol,
  toCents,
  type OwnExit,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { exitWords, liveWords } from '../domain/exit-words.ts';
import { dollars, gain, newYork, price, shares } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import type { ToolCaller } from '../tools/tool.ts';

/** What getting out of a position would bring, at its last price. */
export const closing = z.object({
  position_id: z.uuid(),
  symbol,
  side,
  qty: decimalString,
  last_price: decimalString.nullable(),
  value_usd: decimalString.nullable(),
  unrealized_pnl_usd: decimalString,
  /** How it would leave, where not at market. */
  exit: ownExit.optional(),
  /** Whether the key that asked may close it. */
  may_execute: z.boolean(),
});

const atMarket = (held: StandingPosition, value_usd: string | null): string => {
  const { symbol: name, direction, qty, last_price, last_price_at, unrealized_pnl_usd } = held;
  const about =
    last_price === null
      ? 'at market; no last price is known'
      : `at market: about ${dollars(value_usd ?? '0')} at the last price of ${price(last_price)}${last_price_at ? ` (${newYork(last_price_at)})` : ''}, ${gain(unrealized_pnl_usd)} on what is held`;
  return `Closing would ${direction === 'long' ? 'sell' : 'buy back'} ${shares(qty)} ${name} ${about}; its stop and target are cancelled first.`;
};

/** @throws AppError INVALID_REQUEST for an exit that trading would refuse as well */
const byOrder = (held: StandingPosition, exit: OwnExit): string => {
  const { symbol: name, qty, last_price, live_stop_price: stop } = held;
  const refusal =
    stop === null
      ? `${name} has no live stop that an exit could take the place of`
      : refusalOfOwnExit(ownExitRequest('preview', held, exit, stop), held, stop);
  if (refusal !== null) throw new AppError('INVALID_REQUEST', refusal);
  return `${name}, ${shares(qty)} shares: ${exitWords(exit)}. ${liveWords(held)}; last price ${price(last_price)}.`;
};

/**
 * A close as it would be, at market or by an order that waits, for a page or a person to say yes to:
 * nothing is sent.
 */
export const createPreviewClose =
  (trading: Pick<Services['trading'], 'showPosition'>) =>
  async (position_id: string, exit: OwnExit | null, { scopes }: Pick<ToolCaller, 'scopes'>) => {
    const held = await trading.showPosition({ params: { position_id } });
    const { symbol: name, direction, qty, last_price, unrealized_pnl_usd } = held;
    if (held.status !== 'open')
      throw new AppError('POSITION_NOT_OPEN', `${name} is ${held.status}: nothing to close`);
    const value_usd = last_price === null ? null : toCents(multiply(qty, last_price));
    const may_execute = scopes.has('trade');
    const next = may_execute
      ? `Ask the person; then close_position with position_id ${position_id}${exit === null ? '' : ' and the same prices'}.`
      : 'This key may not close: that needs the scope trade.';
    return {
      text: `Nothing was sent. ${exit === null ? atMarket(held, value_usd) : byOrder(held, exit)}\n${next}`,
      data: {
        status: 'confirmation_required' as const,
        closing: {
          position_id,
          symbol: name,
          side: direction === 'long' ? ('sell' as const) : ('buy' as const),
          qty,
          last_price,
          value_usd,
          unrealized_pnl_usd,
          ...(exit && { exit }),
          may_execute,
        },
      },
    };
  };
