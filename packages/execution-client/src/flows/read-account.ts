import { whyBlocked, type Brokerage } from '@catalyst/brokerage';
import { inNewYork, newYorkTime } from '@catalyst/domain';
import type { Book } from '@catalyst/order-life';
import { notionalInUse, resultSince } from '../domain/day-result.ts';
import type { OwnAccount } from '../domain/follow.ts';
import type { ClientParts } from './client-parts.ts';
import { positionsSince } from '../store/own-positions.ts';

interface Deps extends Pick<ClientParts, 'database' | 'clock' | 'log'> {
  /** The whole account, as its owner sees it. */
  account: Pick<Brokerage, 'account' | 'orders'>;
  book: Book;
  isReconciled: () => boolean;
}

/** How the account and the client's own book stand; null where the broker does not tell. */
export const createReadAccount =
  ({ account: broker, book, database, clock, log, isReconciled }: Deps) =>
  async (): Promise<OwnAccount | null> => {
    try {
      const [account, held, orders] = await Promise.all([
        broker.account.getAccount(),
        broker.account.listPositions(),
        broker.orders.listOrders({ status: 'open' }),
      ]);
      const [open, live] = await Promise.all([book.listOpenPositions(), book.listLiveOrders()]);
      const own_symbols = open.map(({ symbol }) => symbol);
      // the broker's price of what is held is newer than the book's
      const unrealized = new Map(held.map(({ symbol, unrealized_pl }) => [symbol, unrealized_pl]));
      const since = newYorkTime(inNewYork(clock.now()).date, '00:00');
      return {
        equity_usd: account.equity,
        buying_power_usd: account.buying_power,
        in_use_usd: notionalInUse(open, live),
        blocked: whyBlocked(account),
        day_result_usd: resultSince(
          positionsSince(database, since).map((position) => ({
            ...position,
            unrealized_pnl_usd: unrealized.get(position.symbol) ?? position.unrealized_pnl_usd,
          })),
          since,
        ),
        own_symbols,
        others_symbols: [...held, ...orders]
          .map(({ symbol }) => symbol)
          .filter((symbol) => !own_symbols.includes(symbol)),
        is_reconciled: isReconciled(),
      };
    } catch (error) {
      log.warn('account_not_read', { error });
      return null;
    }
  };
