import type { BrokerOrder, BrokerPosition, UnreadItem } from '@catalyst/brokerage';
import type { Account, Position } from '@catalyst/contracts';
import { compare, type Instant, symbol as symbolSchema } from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { untoldOrders } from '../domain/untold-orders.ts';
import { unrealizedProfit } from '../domain/position-after.ts';
import { hides } from '../domain/unread.ts';
import { toAccount, toPosition } from '../show-rows.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { LifeDeps } from './life-deps.ts';
import type { MoveStopsByRule } from './move-stops-by-rule.ts';
import type { ReadAccount } from './read-account.ts';
import { createReadPriceTimes } from './read-price-times.ts';
import type { Mended } from './tell-naked.ts';
import { type Pass, type Tended, type TendPositions } from './tend-positions.ts';
import { within } from '@catalyst/runtime';
import type { SyncWithBroker } from './sync-with-broker.ts';
import { signedQty } from './take-over-shares.ts';

/** What is slower than this is not waited for: what is held is tended by what the book says. */
const READ_WITHIN_MS = 5000;

export interface Monitored {
  account: Account;
  positions: Position[];
  mended: Mended[];
  acts_mark: string;
}

/**
 * Each minute: account and prices, profit and loss, and whether the broker truly has a live stop
 * for every share.
 */
export const createMonitorPositions = (
  deps: LifeDeps,
  { refresh }: CancelOrders,
  { tendAll, refreshStrays }: TendPositions,
  pass: Pass,
  sync: SyncWithBroker,
  actsMark: () => string,
  readAccount: ReadAccount,
  moveStopsByRule: MoveStopsByRule,
  /** What the pass leaves is looked at again on time: the next minute may be far. */
  onTended: (tended: readonly Tended[]) => void,
) => {
  const { broker, book, clock, settings } = deps;

  const isReplay = settings.mode === 'replay';
  const readPriceTimes = createReadPriceTimes(deps);

  /** Stops that follow the price, which nobody tells of, and are elsewhere than the book has them. */
  const movedTrails = (orders: readonly OrderRow[], listed: readonly BrokerOrder[]): OrderRow[] => {
    const stops = new Map(listed.map(({ id, stop_price }) => [id, stop_price]));
    return orders.filter(({ type, broker_order_id, stop_price }) => {
      const told = (type === 'trailing_stop' && stops.get(broker_order_id ?? '')) || null;
      return told !== null && (stop_price === null || compare(told, stop_price) !== 0);
    });
  };

  /** True when the book holds other shares than the broker, as far as that could be read. */
  const differsFrom = (
    held: ReadonlyMap<string, BrokerPosition>,
    open: readonly PositionRow[],
    unread: readonly UnreadItem[],
  ): boolean => {
    const symbols = new Set(open.map(({ symbol }) => symbol));
    return (
      open.some((position) => {
        const atBroker = held.get(position.symbol);
        if (!atBroker && hides(unread, position.symbol)) return false;
        return compare(atBroker?.qty ?? '0', signedQty(position)) !== 0;
      }) ||
      [...held.keys()].some(
        (symbol) => !symbols.has(symbol) && symbolSchema.safeParse(symbol).success,
      )
    );
  };

  const readBook = () => Promise.all([book.listOpenPositions(), book.listWatchedOrders()]);

  /** The broker's word for account, prices and orders, taken into the book. */
  const readBroker = async (at: Instant) => {
    const unread: UnreadItem[] = [];
    const isHeld = ({ qty }: PositionRow): boolean => compare(qty, 0) > 0;
    const readTimes = (positions: readonly PositionRow[]) =>
      readPriceTimes(positions.filter(isHeld).map(({ symbol }) => symbol));
    const reading = readBook();
    const [known, times, snapshot, atBroker, listed] = await Promise.all([
      reading,
      reading.then(([positions]) => readTimes(positions)),
      readAccount(at),
      broker.account.listPositions((item) => void unread.push(item)),
      broker.orders.listOrders({ status: 'open', nested: false }),
    ]);
    let [open, orders] = known;
    const bySymbol = new Map(atBroker.map((position) => [position.symbol, position]));
    const differs = differsFrom(bySymbol, open, unread);
    if (differs) await sync();
    const held = new Set(open.filter(isHeld).map(({ position_id }) => position_id));
    const isExit = ({ role, position_id }: OrderRow): boolean =>
      role !== 'entry' && position_id !== null && held.has(position_id);
    const untold = [
      ...untoldOrders(orders, listed).filter(isExit),
      ...movedTrails(orders, listed),
      // which no list shows; a replay is told of each change
      ...(isReplay ? [] : orders.filter((order) => order.status === 'held' && isExit(order))),
    ];
    // read anew with their groups, so that what is not there is seen
    await refresh(untold);
    let pricedAt = times;
    if (differs || untold.length > 0) {
      [open, orders] = await readBook();
      pricedAt = await readTimes(open);
    }
    const priced = open.map((position) => {
      const last_price = bySymbol.get(position.symbol)?.current_price ?? position.last_price;
      return {
        ...position,
        last_price,
        last_price_at: pricedAt.get(position.symbol) ?? position.last_price_at,
        unrealized_pnl_usd: unrealizedProfit({ ...position, last_price }),
      };
    });
    await book.saveAccount(snapshot, priced);
    return { snapshot, priced, orders };
  };

  return async (): Promise<Monitored> => {
    let seen: Awaited<ReturnType<typeof readBroker>>;
    try {
      const reading = readBroker(clock.now());
      seen = await (isReplay
        ? reading
        : within(READ_WITHIN_MS, "reading the broker's account and orders", reading));
    } catch (error) {
      // what the book says is tended though nothing could be read
      onTended(await tendAll(pass));
      throw error;
    }
    const { snapshot, priced, orders } = seen;
    const tended = await tendAll(pass, priced, orders);
    onTended(tended);
    const mended = tended.flatMap((one) => one.mended ?? []);
    const failed = tended.flatMap((one) => one.failed ?? []);
    await moveStopsByRule();
    const positions = mended.length > 0 ? await book.listOpenPositions() : priced;
    // the end of a pair's other leg is not always streamed
    await refreshStrays(mended.length > 0 ? undefined : orders, priced);
    return {
      account: toAccount(snapshot, settings.mode),
      positions: positions.map(toPosition),
      mended: [...mended, ...failed],
      acts_mark: actsMark(),
    };
  };
};
