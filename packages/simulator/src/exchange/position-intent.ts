import type { Side } from '@catalyst/domain';
import type { Account } from './account.ts';

export const positionIntents = [
  'buy_to_open',
  'buy_to_close',
  'sell_to_open',
  'sell_to_close',
] as const;
export type PositionIntent = (typeof positionIntents)[number];

/** Whether an order on `side` reduces what the account holds of `symbol`. */
export const closesPosition = (account: Account, symbol: string, side: Side): boolean => {
  const position = account.positions.get(symbol);
  return position !== undefined && position.qty.isNegative() === (side === 'buy');
};

/** What an order on `side` does to the account's position, as Alpaca infers it. */
export const inferIntent = (account: Account, symbol: string, side: Side): PositionIntent =>
  `${side}_to_${closesPosition(account, symbol, side) ? 'close' : 'open'}`;
