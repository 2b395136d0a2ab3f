import type { Terminal } from '../terminal.ts';
import type { DemoResult } from './demo-result.ts';

/** The desk and its friends side by side. */
export const describeFriends = (
  { trades, realized_pnl, reconciled, friends }: DemoResult,
  { table }: Pick<Terminal, 'table'>,
): string => {
  const skips = (skipped: Record<string, number>): string =>
    Object.entries(skipped)
      .map(([code, times]) => `${times} ${code}`)
      .join(', ') || '-';
  return table(
    ['account', 'signals', 'entered', 'not entered', 'trades', 'result', 'to the cent'],
    [
      ['the desk', '', '', '', String(trades), realized_pnl, reconciled ? 'yes' : 'NO'],
      ...friends.map((friend) => [
        friend.name,
        String(friend.signals),
        String(friend.entered),
        skips(friend.skipped),
        String(friend.trades),
        friend.realized_pnl,
        friend.reconciled ? 'yes' : 'NO',
      ]),
    ],
    [1, 2, 4, 5],
  );
};
