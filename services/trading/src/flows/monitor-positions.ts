import type { BrokerOrder } from '@catalyst/brokerage';
import type { Account, Position } from '@catalyst/contracts';
import { compare } from '@catalyst/domain';
import { isWorking } from '../domain/order-progress.ts';
import { listOrdersOf } from '../store/orders.ts';
import {
  listOpenPositions,
  toPosition,
  updatePrices,
  type PositionRow,
} from '../store/positions.ts';
import { saveSnapshot, type SnapshotRow } from '../store/records.ts';
import type { CancelOrders } from './cancel-orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import { unrealizedProfit } from './rebook-position.ts';
import type { Mended, TendPositions } from './tend-positions.ts';
import { signedQty, type SyncWithBroker } from './sync-with-broker.ts';

export const toAccount = (row: SnapshotRow, mode: Account['mode']): Account => {
  const { account_number, equity_usd, last_equity_usd, cash_usd, buying_power_usd, read_at } = row;
  return { account_number, mode, equity_usd, last_equity_usd, cash_usd, buying_power_usd, read_at };
};

/**
 * Each minute: account and prices, profit and loss, and whether the broker truly has a live stop
 * for every share.
 */
export const createMonitorPositions = (
  deps: FlowDeps,
  { refresh }: CancelOrders,
  { tendAll }: TendPositions,
  sync: SyncWithBroker,
) => {
  const { broker, database, clock, config } = deps;

  /**
   * Groups whose working exit the book has and the broker's list of open orders has not: read anew,
   * so that what is not there is seen.
   */
  const verifyExits = async (
    held: readonly PositionRow[],
    listed: readonly BrokerOrder[],
  ): Promise<boolean> => {
    const orders = await listOrdersOf(
      database,
      held.map(({ position_id }) => position_id),
    );
    const alive = new Set(listed.flatMap(({ id, legs }) => [id, ...legs.map((leg) => leg.id)]));
    const missing = orders.filter(
      ({ role, status, broker_order_id }) =>
        role !== 'entry' &&
        isWorking(status) &&
        broker_order_id !== null &&
        !alive.has(broker_order_id),
    );
    await refresh(missing);
    return missing.length > 0;
  };

  return async (): Promise<{ account: Account; positions: Position[]; mended: Mended[] }> => {
    const at = clock.now();
    let open = await listOpenPositions(database);
    const isHeld = ({ qty }: PositionRow): boolean => compare(qty, 0) > 0;
    const [account, atBroker, listed] = await Promise.all([
      broker.account.getAccount(),
      broker.account.listPositions(),
      open.some(isHeld) ? broker.orders.listOrders({ status: 'open', nested: true }) : [],
    ]);
    const snapshot: SnapshotRow = {
      read_at: at,
      account_number: account.account_number,
      equity_usd: account.equity,
      last_equity_usd: account.last_equity,
      cash_usd: account.cash,
      buying_power_usd: account.buying_power,
    };
    const bySymbol = new Map(atBroker.map((position) => [position.symbol, position]));
    const differs =
      open.some(
        (position) => compare(bySymbol.get(position.symbol)?.qty ?? '0', signedQty(position)) !== 0,
      ) ||
      atBroker.some(
        ({ symbol, asset_class }) =>
          asset_class === 'us_equity' && !open.some((position) => position.symbol === symbol),
      );
    if (differs) await sync();
    const wasRead = open.some(isHeld) && (await verifyExits(open.filter(isHeld), listed));
    if (differs || wasRead) open = await listOpenPositions(database);
    const priced = open.map((position) => {
      const last_price = bySymbol.get(position.symbol)?.current_price ?? position.last_price;
      return {
        ...position,
        last_price,
        unrealized_pnl_usd: unrealizedProfit({ ...position, last_price }),
      };
    });
    await database.transaction(async (tx) => {
      await saveSnapshot(tx, snapshot);
      await updatePrices(tx, priced, at);
    });
    const mended = await tendAll(priced);
    const positions = mended.length > 0 ? await listOpenPositions(database) : priced;
    return {
      account: toAccount(snapshot, config.TRADING_MODE),
      positions: positions.map(toPosition),
      mended,
    };
  };
};
