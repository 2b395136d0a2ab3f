import { compare, nearestTick } from '@catalyst/domain';
import { inContext, within, type Stop } from '@catalyst/runtime';
import type { PositionRow } from '../book-rows.ts';
import { unrealizedProfit } from '../domain/position-after.ts';
import type { LifeDeps } from './life-deps.ts';
import type { MoveStopsByRule } from './move-stops-by-rule.ts';
import type { ReadAccount } from './read-account.ts';

const EVERY_MS = 5000;

/** A price is another one from a tick on; what lies between two ticks moves nothing. */
const isMoved = (from: string | null, to: string): boolean =>
  from === null || compare(nearestTick(from), nearestTick(to)) !== 0;

/**
 * Live and in a rehearsal: every five seconds the last trades of what is held, in one request, and the
 * account beside them, so that a limit is seen when it is reached and not at the next minute. What
 * moved by a tick is told. An account that was seen blocked is read until it is not, whatever is held.
 * What it cannot read waits for the next look. By itself it decides and sends nothing; where a rule
 * moves stops, it is asked once the prices are in the book.
 */
export const createWatchPrices = (
  { broker, book, clock, log, settings }: LifeDeps,
  readAccount: ReadAccount,
  moveStopsByRule: MoveStopsByRule,
) => {
  let stop: Stop = () => {};
  // what this wrote last may be of a later instant than what a job of an earlier minute reads since
  let wroteBlocked = false;
  const look = async (): Promise<void> => {
    const held = (await book.listOpenPositions()).filter(({ qty }) => compare(qty, 0) > 0);
    if (held.length === 0 && !wroteBlocked && !readAccount.wasBlocked()) return;
    const trades = await broker.market_data.latestTrades(held.map(({ symbol }) => symbol));
    const account = await readAccount(clock.now());
    await book.transaction(async (tx) => {
      const ids = new Set(held.map(({ position_id }) => position_id));
      const marked = (await tx.listOpenPositions())
        .filter(({ position_id }) => ids.has(position_id))
        .flatMap((position): PositionRow[] => {
          const trade = trades.get(position.symbol);
          // what was read before may be newer, from another feed
          const isNews =
            trade !== undefined &&
            (position.last_price_at === null || trade.traded_at > position.last_price_at);
          if (!isNews || !isMoved(position.last_price, trade.price)) return [];
          const { price: last_price, traded_at: last_price_at } = trade;
          const unrealized_pnl_usd = unrealizedProfit({ ...position, last_price });
          return [{ ...position, last_price, last_price_at, unrealized_pnl_usd }];
        });
      await tx.saveAccount(account, marked);
      for (const position of marked) {
        const { cycle_id, position_id, symbol, status, qty } = position;
        const { unrealized_pnl_usd, realized_pnl_usd } = position;
        tx.announce('catalyst:position_update', {
          cycle_id,
          position_id,
          symbol,
          status,
          qty,
          unrealized_pnl_usd,
          realized_pnl_usd,
        });
      }
    });
    wroteBlocked = account.blocked_reason !== null;
    await moveStopsByRule();
  };
  return {
    start: (): void => {
      if (settings.mode === 'replay') return;
      stop = clock.beside(EVERY_MS, () =>
        within(
          EVERY_MS,
          'a look at prices and account',
          inContext({ at: null, caller: 'trading' }, look),
        ).catch((error: unknown) => log.warn('prices_not_read', { error })),
      );
    },
    stop: (): void => stop(),
  };
};
